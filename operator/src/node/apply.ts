import { LEDGER_PROFILES } from '@guildhall/fabric';
import { applyOwned, configMaps, ownedBy, secrets, services, statefulSets, isAlreadyExists, type KubernetesClient, type Secret } from '@guildhall/kubernetes';
import { certificateRequest, specDigest, type Consortium, type Member, type Node } from '@guildhall/resources';
import type { Informers } from '../cluster/informers.ts';
import { nodeLabels, nodeNames } from '../names.ts';
import type { OperatorSettings } from '../settings.ts';
import type { CertificateUse } from './certificates.ts';
import type { NodeMaterial, NodePlan } from './decide.ts';
import { createKeys, requestFor } from './keys.ts';
import { keyText, type NodeFound } from './observe.ts';
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
}

/** Carries out a plan; everything that does not need another's result goes side by side. */
export async function applyNode(context: NodeContext, found: NodeFound, plan: NodePlan): Promise<void> {
  if (plan.outcome.kind === 'stalled') return;
  const keysSecret = async (): Promise<Secret | undefined> =>
    plan.createKeys ? createKeys(context.client, context.node, nodeLabels(context.member, context.node)) : found.keysSecret;
  await Promise.all([
    ensureService(context),
    keysSecret().then((keys) => keys && requestCertificates(context, keys, plan.request)),
    plan.workload && found.keysSecret ? ensureWorkload(context, found, plan.workload, found.keysSecret) : undefined,
  ]);
}

async function ensureService({ client, informers, node, member }: NodeContext): Promise<void> {
  const { name, namespace } = node.metadata;
  await applyOwned(client, services, node, service(node, nodeLabels(member, node)), informers.services.get(namespace, name));
}

async function requestCertificates(context: NodeContext, keys: Secret, uses: readonly CertificateUse[]): Promise<void> {
  const { client, node, member } = context;
  const { name, namespace = '' } = node.metadata;
  const names = nodeNames(name);
  await Promise.all(
    uses.map(async (use) => {
      const csr = await requestFor(keyText(keys, `${use}.key`), name);
      const spec = use === 'identity' ? { profile: node.spec.role, csr, node: name } : { profile: 'node-tls' as const, csr, node: name, service: name };
      const metadata = { name: use === 'identity' ? names.identityRequest : names.tlsRequest, namespace, labels: nodeLabels(member, node) };
      await client.create(certificateRequest.type, ownedBy(node, { metadata, spec })).catch((error: unknown) => {
        // Asked by a former process and not in the cache yet: its event brings us back.
        if (!isAlreadyExists(error)) throw error;
      });
    }),
  );
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What the pod mounts is there before the pod: a kubelet that misses a Secret tries again only after seconds. */
async function ensureWorkload(context: NodeContext, found: NodeFound, material: NodeMaterial, keys: Secret): Promise<void> {
  const { client, informers, node, member, settings, consortium } = context;
  const { name, namespace = '' } = node.metadata;
  const names = nodeNames(name);
  const labels = nodeLabels(member, node);
  const files = certificateFiles(material.authority, { identity: material.identity.pem, identityKey: keyText(keys, 'identity.key'), tls: material.tls.pem });
  const data = Object.fromEntries(Object.entries(files).map(([file, text]) => [file, base64(text)]));
  await Promise.all([
    applyOwned(client, secrets, node, { metadata: { name: names.certificates, namespace, labels }, type: 'Opaque', data }, found.certificatesSecret),
    applyOwned(client, configMaps, node, configMap(node, labels), informers.configMaps.get(namespace, names.config)),
    node.spec.role === 'peer' ? ensureContracts(context) : undefined,
  ]);
  const image = settings.images[node.spec.role][node.spec.version];
  if (image === undefined) throw new Error(`no image is set for ${node.spec.role} ${node.spec.version}`);
  const desired = statefulSet({
    node,
    image,
    labels,
    // A pod reads its certificates when it starts: others make another pod.
    materialDigest: specDigest(files),
    settings: {
      role: node.spec.role,
      id: `${member.metadata.name}/${name}`,
      mspId: member.spec.mspId,
      host: material.addresses.host,
      timers: LEDGER_PROFILES[consortium.spec.profile].nodes[node.spec.role],
      ...(found.observed.gossip.endpoint === undefined ? {} : { gossipBootstrap: found.observed.gossip.endpoint }),
    },
  });
  await applyOwned(client, statefulSets, node, desired, informers.statefulSets.get(namespace, name));
}

/** Each installed contract adds a key of its own; here it is only made, so that nothing of theirs is taken away. */
async function ensureContracts({ client, informers, node, member }: NodeContext): Promise<void> {
  const metadata = { name: nodeNames(node.metadata.name).contracts, namespace: node.metadata.namespace ?? '', labels: nodeLabels(member, node) };
  if (informers.configMaps.get(metadata.namespace, metadata.name) !== undefined) return;
  await client.create(configMaps, ownedBy(node, { metadata })).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
}
