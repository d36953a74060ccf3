import { done, removeFinalizer, type Result } from '@guildhall/kubernetes';
import { annotations, channel as channelKind, finalizer, type Channel } from '@guildhall/resources';
import { deletesData, isStillDeleted, unconfirmed } from '../cluster/deletion.ts';
import { refKey } from '../cluster/informers.ts';
import type { OperatorContext } from '../context.ts';
import { adminEndpoint } from '../endpoints.ts';
import { attempt } from '../fabric-problem.ts';
import { waiting, type Outcome } from '../outcome.ts';
import { admittedMembers, consortiumOf } from '../references.ts';

/**
 * Contracts go first, then the members' consents, then the channel. Fabric has no call by which a peer leaves a channel; its copy
 * goes with its volume. Orderers leave when the data is to be deleted.
 */
export async function deleteChannel(context: OperatorContext, channel: Channel, signal: AbortSignal): Promise<Result> {
  const { client } = context;
  const obstacle = unconfirmed(channel, 'ends the use of its ledger.') ?? stillUsed(context, channel);
  if (obstacle === undefined && deletesData(channel) && !(await isStillDeleted(client, channelKind.type, channel))) return done;
  const wait = obstacle ?? (deletesData(channel) ? await leave(context, channel, signal) : undefined);
  if (wait === undefined) {
    await removeFinalizer(client, channelKind.type, channel, finalizer);
    return done;
  }
  return context.statuses.write(channelKind.type, channel, { outcome: wait });
}

function stillUsed({ informers }: OperatorContext, { metadata: { namespace = '', name } }: Channel): Outcome | undefined {
  const key = refKey({ namespace, name });
  const contracts = informers.contracts.byIndex('channel', key).map(({ metadata }) => `Contract ${metadata.name}`);
  const memberships = informers.memberships.byIndex('channel', key).map(({ metadata }) => `ChannelMembership ${metadata.namespace ?? ''}/${metadata.name}`);
  const left = contracts.length > 0 ? contracts : memberships;
  return left.length === 0 ? undefined : waiting('Deleting', `Waiting until these are deleted: ${left.join(', ')}.`);
}

/** An orderer that is being deleted takes its data along; one that does not answer is asked again. */
async function leave(context: OperatorContext, channel: Channel, signal: AbortSignal): Promise<Outcome | undefined> {
  const { informers, clients, fabric } = context;
  const consortium = consortiumOf(informers, channel.metadata.namespace);
  if (consortium === undefined) return undefined;
  const members = admittedMembers(informers, consortium);
  const here = channel.spec.orderers.flatMap(({ member, node }) => {
    const owner = members.get(member);
    const object = owner && informers.nodes.get(owner.metadata.namespace, node);
    // One without an address has never been in a channel.
    if (owner === undefined || object?.status?.adminEndpoint === undefined || object.metadata.deletionTimestamp !== undefined) return [];
    return [{ object, owner }];
  });
  const obstacles = await Promise.all(
    here.map(async ({ object, owner }): Promise<Outcome | undefined> => {
      const endpoint = adminEndpoint(object, owner, clients.admin(owner));
      if (endpoint === undefined) return waiting('WaitingForCertificate', "Waiting for the operator's certificate for the admin endpoint, by which orderers leave the channel.", 1000);
      const left = await attempt(() => fabric.orderers.leave(endpoint, channel.metadata.name, signal), 1000);
      if (!('failed' in left)) return undefined;
      return { ...left.failed, message: `Orderer ${object.metadata.name} does not leave: ${left.failed.message} If it never will, delete its Node, or let the channel go without its data: take the annotation ${annotations.deleteData} away.` };
    }),
  );
  return obstacles.find((obstacle) => obstacle !== undefined);
}
