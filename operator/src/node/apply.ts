import {
  applyOwned, configMaps, isAlreadyExists, ownedBy, podDisruptionBudgets, secrets, services, statefulSets, type Applied, type KubernetesClient, type Pod, type Secret, type StatefulSet,
} from '@guildhall/kubernetes';
import { certificateRequest, specDigest, type Consortium, type Member, type Node } from '@guildhall/resources';
import type { Informers } from '../cluster/informers.ts';
import { askingOf } from '../cluster/refusals.ts';
import { nodeLabels, nodeNames } from '../names.ts';
import type { OperatorSettings } from '../settings.ts';
import type { CertificateUse } from './certificates.ts';
import type { NodeMaterial, NodePlan } from './decide.ts';
import { budget } from './disruption/budget.ts';
import type { Verdict } from './disruption/verdict.ts';
import { createKeys, requestFor } from './keys.ts';
import type { GossipStart } from './gossip.ts';
import type { Outside } from './outside/outside.ts';
import { nodePortService, tlsRoute } from './outside/route.ts';
import type { Routes } from './outside/routes.ts';
import { keyText, type NodeSecrets } from './secrets.ts';
import { certificateFiles } from './workload/material.ts';
import { configMap } from './workload/files.ts';
import { service } from './workload/service.ts';
import { statefulSet } from './workload/stateful-set.ts';

export interface NodeContext {
  client: KubernetesClient;
  informers: Informers;
  settings: OperatorSettings;
  node: Node;
  member: Member;
  consortium: Consortium;
  gossip: GossipStart;
  routes: Routes;
  /** Told of the Secret with the node's keys when it is made. */
  onKeys(keys: Secret): void;
}

type LiveSecrets = NodeSecrets['live'];

/** What is to run, and what of it may come about now. */
export interface Work {
  wanted: Applied<StatefulSet>;
  verdict: Verdict;
}

/** Carries out a plan, as far as it is the node's turn; everything that does not need another's result goes side by side. */
export async function applyNode(context: NodeContext, live: LiveSecrets, plan: NodePlan, outside: Outside | undefined, work?: Work): Promise<string | undefined> {
  if (plan.outcome.kind === 'stalled') return undefined;
  const keys = plan.createKeys ? makeKeys(context) : Promise.resolve(live?.keys);
  const [, , , digest] = await Promise.all([
    ensureService(context),
    ensureWayIn(context, outside),
    keys.then((secret) => secret && requestCertificates(context, secret, plan.request)),
    plan.workload && work && !plan.createKeys ? ensureWorkload(context, plan.workload, live, work) : undefined,
  ]);
  return digest;
}

async function makeKeys({ client, node, member, onKeys }: NodeContext): Promise<Secret> {
  const keys = await createKeys(client, node, nodeLabels(member, node));
  onKeys(keys);
  return keys;
}

/** Whether a plan reads private keys or compares Secrets; otherwise what is remembered of them will do. */
export const needsSecrets = ({ createKeys: keys, request, workload }: NodePlan, isSettled: (materialDigest: string) => boolean): boolean =>
  keys || request.length > 0 || (workload !== undefined && !isSettled(materialDigest(workload)));

const leaves = ({ identity, tls }: NodeMaterial): { identity: string; tls: string } => ({ identity: identity.pem, tls: tls.pem });

/** A pod reads its certificates when it starts: others make another pod. */
const materialDigest = (material: NodeMaterial): string => specDigest(certificateFiles(material.authority, leaves(material)));

async function ensureService({ client, informers, node, member }: NodeContext): Promise<void> {
  const { name, namespace } = node.metadata;
  await applyOwned(client, services, node, service(node, nodeLabels(member, node), podIn(informers, node)), informers.services.get(namespace, name));
}

const podIn = (informers: Informers, { metadata: { namespace, name } }: Node): Pod | undefined => informers.pods.get(namespace, nodeNames(name).pod);

async function ensureWayIn({ client, informers, node, member, settings, routes }: NodeContext, outside: Outside | undefined): Promise<void> {
  const { metadata: { name, namespace }, spec: { exposure } } = node;
  const labels = nodeLabels(member, node);
  if (exposure === 'NodePort') await applyOwned(client, services, node, nodePortService(node, labels, podIn(informers, node)), informers.services.get(namespace, nodeNames(name).external));
  const gateway = settings.exposure?.gateway;
  if (exposure === 'Gateway' && gateway !== undefined && outside !== undefined && 'host' in outside) await routes.ensure(node, tlsRoute(node, labels, outside.host, gateway), gateway.version);
}

async function requestCertificates(context: NodeContext, keys: Secret, uses: readonly CertificateUse[]): Promise<void> {
  const { client, node, member } = context;
  const { name, namespace = '' } = node.metadata;
  const names = nodeNames(name);
  await Promise.all(
    uses.map(async (use) => {
      const csr = await requestFor(keyText(keys, `${use}.key`), name);
      const spec = use === 'identity' ? { profile: node.spec.role, csr, node: name } : { profile: 'node-tls' as const, csr, node: name, service: name };
      const metadata = { name: use === 'identity' ? names.identityRequest : names.tlsRequest, namespace, labels: nodeLabels(member, node), ...askingOf(node) };
      await client.create(certificateRequest.type, ownedBy(node, { metadata, spec })).catch((error: unknown) => {
        // Asked by a former process and not in the cache yet: its event brings us back.
        if (!isAlreadyExists(error)) throw error;
      });
    }),
  );
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The StatefulSet that a plan comes to. */
export function workloadOf({ informers, node, member, settings, consortium, gossip }: Pick<NodeContext, 'informers' | 'node' | 'member' | 'settings' | 'consortium' | 'gossip'>, material: NodeMaterial): Applied<StatefulSet> {
  const { name, namespace } = node.metadata;
  const image = settings.images[node.spec.role][node.spec.version];
  if (image === undefined) throw new Error(`no image is set for ${node.spec.role} ${node.spec.version}`);
  return statefulSet({
    node,
    image,
    labels: nodeLabels(member, node),
    materialDigest: materialDigest(material),
    placement: settings.placement,
    current: informers.statefulSets.get(namespace, name),
    settings: {
      role: node.spec.role,
      id: `${member.metadata.name}/${name}`,
      mspId: member.spec.mspId,
      host: material.addresses.host,
      profile: consortium.spec.profile,
      ...(gossip.endpoint === undefined ? {} : { gossipBootstrap: gossip.endpoint }),
    },
  });
}

/** What the pod mounts is there before the pod: a kubelet that misses a Secret tries again only after seconds. */
async function ensureWorkload(context: NodeContext, material: NodeMaterial, live: LiveSecrets, { wanted, verdict }: Work): Promise<string> {
  const { client, informers, node, member } = context;
  const { name, namespace = '' } = node.metadata;
  const labels = nodeLabels(member, node);
  await Promise.all([
    ensureCertificates(context, material, live),
    applyOwned(client, configMaps, node, configMap(node, labels), informers.configMaps.get(namespace, nodeNames(name).config)),
    node.spec.role === 'peer' ? ensureContracts(context) : undefined,
    applyOwned(client, podDisruptionBudgets, node, budget(node, labels, verdict.mayLeave), informers.budgets.get(namespace, name)),
  ]);
  if (verdict.mayChange) await applyOwned(client, statefulSets, node, wanted, informers.statefulSets.get(namespace, name));
  return materialDigest(material);
}

async function ensureCertificates({ client, node, member }: NodeContext, material: NodeMaterial, live: LiveSecrets): Promise<void> {
  // Nothing was read because nothing has changed since it was last looked at.
  if (live?.keys === undefined) return;
  const { name, namespace = '' } = node.metadata;
  const files = { ...certificateFiles(material.authority, leaves(material)), 'identity.key': keyText(live.keys, 'identity.key') };
  const data = Object.fromEntries(Object.entries(files).map(([file, text]) => [file, base64(text)]));
  const metadata = { name: nodeNames(name).certificates, namespace, labels: nodeLabels(member, node) };
  await applyOwned(client, secrets, node, { metadata, type: 'Opaque', data }, live.certificates);
}

/** Each installed contract adds a key of its own; here it is only made, so that nothing of theirs is taken away. */
async function ensureContracts({ client, informers, node, member }: NodeContext): Promise<void> {
  const metadata = { name: nodeNames(node.metadata.name).contracts, namespace: node.metadata.namespace ?? '', labels: nodeLabels(member, node) };
  if (informers.configMaps.get(metadata.namespace, metadata.name) !== undefined) return;
  await client.create(configMaps, ownedBy(node, { metadata })).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
}
