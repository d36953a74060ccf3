import { done, persistentVolumeClaims, removeFinalizer, secrets, statefulSets, type Result } from '@guildhall/kubernetes';
import { finalizer, node as nodeKind, type Node } from '@guildhall/resources';
import { deletesData, isStillDeleted, unconfirmed } from '../cluster/deletion.ts';
import type { OperatorContext } from '../context.ts';
import { nodeNames } from '../names.ts';
import { waiting, type Outcome } from '../outcome.ts';

/** Ends the node's process, then lets the object go. Data and keys stay unless asked for by name. */
export async function deleteNode(context: OperatorContext, node: Node): Promise<Result> {
  const { client } = context;
  const obstacle = unconfirmed(node, 'ends its process.') ?? stillUsed(context, node);
  // Nothing is stopped or removed for an object that is gone, or that another one has followed.
  if (obstacle === undefined && !(await isStillDeleted(client, nodeKind.type, node))) return done;
  const wait = obstacle ?? (await stopped(context, node));
  if (wait !== undefined) {
    return context.statuses.write(nodeKind.type, node, { outcome: wait });
  }
  if (deletesData(node)) await deleteData(context, node);
  await removeFinalizer(client, nodeKind.type, node, finalizer);
  return done;
}

/** A channel that counts on the node would lose a consenter or a copy; a contract's installation would take the next node of that name for this one. */
function stillUsed({ informers }: OperatorContext, { metadata: { name, namespace } }: Node): Outcome | undefined {
  const using = [
    ...informers.memberships.list(namespace).filter(({ spec }) => spec.peers.includes(name) || spec.orderers.includes(name)),
    ...informers.installations.list(namespace).filter(({ spec }) => spec.peers.includes(name)),
  ].map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  return using.length === 0 ? undefined : waiting('Deleting', `${using.join(', ')} still ${using.length === 1 ? 'counts' : 'count'} on this node: delete ${using.length === 1 ? 'it' : 'them'} first.`);
}

async function stopped({ client, informers }: OperatorContext, node: Node): Promise<Outcome | undefined> {
  const { name, namespace } = node.metadata;
  const ref = { name, namespace: namespace ?? '' };
  // Read where it counts: the cache may not know yet what was just made.
  const set = await client.get(statefulSets, ref);
  if (set !== undefined && set.metadata.deletionTimestamp === undefined) await client.delete(statefulSets, ref, { uid: set.metadata.uid });
  const pod = informers.pods.get(namespace, nodeNames(name).pod);
  return set === undefined && pod === undefined ? undefined : waiting('Deleting', 'Waiting for the process to end.');
}

async function deleteData({ client }: OperatorContext, { metadata: { name, namespace = '' } }: Node): Promise<void> {
  const { claim, keys } = nodeNames(name);
  await Promise.all([
    client.delete(persistentVolumeClaims, { namespace, name: claim }),
    client.delete(secrets, { namespace, name: keys }),
  ]);
}
