import { createController, done, ensureFinalizer, keyOf, refOf, type Controller, type KubernetesObject, type Ref, type Result } from '@guildhall/kubernetes';
import { finalizer, labels, node as nodeKind, type Node } from '@guildhall/resources';
import { writeStatus } from '../cluster/status.ts';
import { labelled, on, ownersOf } from '../cluster/watches.ts';
import type { OperatorContext } from '../context.ts';
import { resultOf, type Outcome } from '../outcome.ts';
import { memberOf, type Membership } from '../references.ts';
import { applyNode } from './apply.ts';
import { decideNode, type NodeObserved } from './decide.ts';
import { deleteNode } from './delete.ts';
import { inspectTarget } from './inspect-target.ts';
import { nodeProbe } from './observation.ts';
import { observeNode } from './observe.ts';
import { nodeFindings } from './status.ts';

export function createNodeController(context: OperatorContext): Controller {
  const { client, informers, clock, heights, nodes } = context;

  async function reconcile(ref: Ref, signal: AbortSignal): Promise<Result> {
    const node = informers.nodes.get(ref.namespace, ref.name);
    if (node === undefined) {
      nodes.forget(keyOf(ref));
      return done;
    }
    if (node.metadata.deletionTimestamp !== undefined) return deleteNode(context, node);
    const found = memberOf(informers, ref.namespace, node.spec.member);
    if ('outcome' in found) return report(node, found.outcome);
    return bringUp(await ensureFinalizer(client, nodeKind.type, node, finalizer), found, signal);
  }

  async function report(node: Node, outcome: Outcome): Promise<Result> {
    const { conditions: _, observedGeneration: __, ...findings } = node.status ?? {};
    await writeStatus(client, nodeKind.type, node, { outcome, findings, now: clock.now() });
    return resultOf(outcome);
  }

  async function bringUp(node: Node, membership: Membership, _signal: AbortSignal): Promise<Result> {
    const inspection = nodes.last(keyOf(refOf(node)));
    const found = await observeNode(node, membership, { client, informers, heights, inspection, now: clock.now() });
    const plan = decideNode(found.observed);
    watchProcess(found.observed, membership);
    const findings = nodeFindings(found.observed, membership.consortium, heights);
    const { outcome } = plan;
    await Promise.all([
      applyNode({ ...context, node, ...membership }, found, plan),
      writeStatus(client, nodeKind.type, node, { outcome, findings, now: clock.now() }),
    ]);
    return resultOf(outcome);
  }

  /** A process is asked for as long as it runs; another process is another life, of which nothing is known yet. */
  function watchProcess({ node, pod, addresses, authority }: NodeObserved, { member }: Membership): void {
    const key = keyOf(refOf(node));
    const admin = context.clients.admin(member);
    const target = addresses && authority && inspectTarget(node.spec.role, { addresses, authority }, admin);
    if (pod.kind !== 'running' || target === undefined) nodes.forget(key);
    else nodes.watch(key, JSON.stringify([pod.instance, addresses, admin?.certificate]), nodeProbe(context.fabric, target));
  }

  const ofNamespace = (object: KubernetesObject): Ref[] => informers.nodes.list(object.metadata.namespace).map(refOf);
  const ofOwner = ownersOf('Node');
  const ofLabel = labelled(labels.node);

  return createController({
    name: 'node',
    type: nodeKind.type,
    informer: informers.nodes,
    watches: [
      on(informers.members, ofNamespace),
      on(informers.consortia, ({ spec }) => spec.members.flatMap(({ namespace }) => informers.nodes.list(namespace).map(refOf))),
      on(informers.certificateRequests, (request) => (request.spec.profile === 'operator-admin-client' ? ofNamespace(request) : ofOwner(request))),
      on(informers.memberships, ofNamespace),
      on(informers.services, ofOwner),
      on(informers.configMaps, ofOwner),
      on(informers.statefulSets, ofOwner),
      on(informers.pods, ofLabel),
      on(informers.claims, ofLabel),
    ],
    concurrency: 8,
    reconcile: (ref, { signal }) => reconcile(ref, signal),
    clock,
    logger: context.logger,
    ...(context.metrics ? { metrics: context.metrics } : {}),
  });
}
