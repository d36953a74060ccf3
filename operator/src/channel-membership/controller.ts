import { createController, done, keyOf, refOf, type Controller, type KubernetesObject, type Ref, type Result } from '@guildhall/kubernetes';
import { channelMembership, labels, type Channel, type ChannelMembership } from '@guildhall/resources';
import { blockOf } from '../channel/genesis.ts';
import { refKey } from '../cluster/informers.ts';
import { authoritiesOf, endpointsOf, nothingOfStatus, on, ownersOf } from '../cluster/watches.ts';
import type { OperatorContext } from '../context.ts';
import { genesisName } from '../names.ts';
import type { Outcome } from '../outcome.ts';
import { createPatience } from '../patience.ts';
import { memberOf, type Membership } from '../references.ts';
import { agreedAnchors } from './anchors.ts';
import { createCompanions, noCompanions } from './companions.ts';
import { decideMembership, type JoiningNode, type MembershipObserved, type MembershipPlan } from './decide.ts';
import { joinOrderer, joinPeer, type Joining } from './join.ts';

export function createChannelMembershipController(context: OperatorContext): Controller {
  const { informers, nodes, signing, statuses, clock } = context;

  const companions = createCompanions(context);
  /** A node that begins answers at its operations endpoint a moment before it can be asked to join. */
  const beginning = createPatience(clock, 2000);

  /** Orderers that a join has said to be in, until the status says it. */
  const saidSo = new Set<string>();

  async function reconcile(ref: Ref, signal: AbortSignal): Promise<Result> {
    const membership = informers.memberships.get(ref.namespace, ref.name);
    if (membership === undefined || membership.metadata.deletionTimestamp !== undefined) return done;
    const found = memberOf(informers, ref.namespace);
    if ('outcome' in found) return statuses.write(channelMembership.type, membership, found);
    return join(membership, found, signal);
  }

  /**
   * What the nodes show now; of one that does not answer, what it showed last. The metrics of an orderer go on to show a channel that it has
   * left, so one counts as joined only when a join has said so, now or before.
   */
  function joining(membership: ChannelMembership, role: 'peers' | 'orderers'): JoiningNode[] {
    const { namespace } = membership.metadata;
    return membership.spec[role].map((name) => {
      const node = informers.nodes.get(namespace, name);
      const inspection = node && nodes.last(keyOf(refOf(node)));
      const answers = inspection?.contact === 'answers';
      const shown = inspection?.channels.find((channel) => channel.name === membership.spec.channel.name);
      const before = membership.status?.[role]?.find((each) => each.name === name);
      const wasJoined = before?.joined === true;
      const key = joinKey(membership, name);
      if (wasJoined) saidSo.delete(key);
      const certain = role === 'peers' || wasJoined || saidSo.has(key);
      return { name, node, answers, joined: (shown !== undefined && certain) || (!answers && wasJoined) };
    });
  }

  async function join(membership: ChannelMembership, { member, consortium }: Membership, signal: AbortSignal): Promise<Result> {
    const { channel: reference } = membership.spec;
    const channel: Channel | undefined = informers.channels.get(reference.namespace, reference.name);
    const held = informers.configMaps.get(reference.namespace, genesisName(reference.name));
    const block = channel && blockOf(held, channel);
    const observe = (): MembershipObserved => {
      const [peers, orderers] = [joining(membership, 'peers'), joining(membership, 'orderers')];
      // Decoding the block must not hold up those who are still to join.
      const settled = held !== undefined && block !== undefined && [...peers, ...orderers].every(({ joined }) => joined);
      const anchors = settled ? agreedAnchors(held, block, member.spec.mspId) : undefined;
      const together = block === undefined || channel === undefined ? noCompanions : companions.of(channel, consortium);
      return { membership, memberName: member.metadata.name, consortium, channel, block, anchors, peers, orderers, companions: together };
    };
    const plan = decideMembership(observe());
    const task = ({ name, node, answers, joined }: JoiningNode): Joining[] => {
      const key = joinKey(membership, name);
      if (joined) beginning.end(key);
      if (node === undefined || block === undefined || !named(plan, name)) return [];
      return [{ membership, member, node, block, answers, now: clock.now(), retryMs: answers && beginning.left(key) > 0 ? 30 : 250, signal }];
    };
    const obstacles = await Promise.all([
      ...joining(membership, 'orderers').flatMap(task).map(async (each) => {
        const obstacle = await joinOrderer(context, each);
        if (obstacle === undefined) saidSo.add(joinKey(membership, each.node.metadata.name));
        return obstacle;
      }),
      ...joining(membership, 'peers').flatMap(task).map((each) => joinPeer(context, each)),
    ]);
    const after = observe();
    const outcome = worst(obstacles) ?? decideMembership(after).outcome;
    // Heights are told by the nodes and the channel: a third copy would be a third write per block.
    const progress = ({ name, joined }: JoiningNode): { name: string; joined: boolean } => ({ name, joined });
    const findings = { peers: after.peers.map(progress), orderers: after.orderers.map(progress) };
    const [result] = await Promise.all([statuses.write(channelMembership.type, membership, { outcome, findings }), discardUsed(membership, after.peers)]);
    return result;
  }

  /** Signatures of peers that are in, and of former versions of the consent. */
  async function discardUsed(membership: ChannelMembership, peers: readonly JoiningNode[]): Promise<void> {
    const needed = new Set(peers.filter(({ joined }) => !joined).map(({ name }) => name));
    const used = signing.of(membership).filter(({ spec, metadata }) => spec.intent.generation !== membership.metadata.generation || !needed.has(metadata.labels?.[labels.node] ?? ''));
    await Promise.all(used.map((request) => signing.discard(request)));
  }

  const ofNamespace = ({ metadata: { namespace } }: KubernetesObject): Ref[] => informers.memberships.list(namespace).map(refOf);
  const ofChannel = (channel: { namespace: string; name: string }): Ref[] => informers.memberships.byIndex('channel', refKey(channel)).map(refOf);

  return createController({
    name: 'channel-membership',
    type: channelMembership.type,
    informer: informers.memberships,
    watches: [
      on(informers.members, ofNamespace, authoritiesOf),
      on(informers.consortia, ({ spec }) => spec.members.flatMap(({ namespace }) => informers.memberships.list(namespace).map(refOf)), nothingOfStatus),
      on(informers.nodes, ofNamespace, (node) => [endpointsOf(node), (node.status?.certificates ?? []).length > 0]),
      on(informers.channels, ({ metadata: { namespace = '', name } }) => ofChannel({ namespace, name }), nothingOfStatus),
      on(informers.configMaps, ({ metadata: { namespace = '', labels: given } }) => {
        const name = given?.[labels.channel];
        return name === undefined ? [] : ofChannel({ namespace, name });
      }),
      on(informers.signingRequests, ownersOf('ChannelMembership')),
    ],
    concurrency: 8,
    reconcile: statuses.telling(channelMembership.type, informers.memberships, (ref, { signal }) => reconcile(ref, signal)),
    clock,
    logger: context.logger,
    ...(context.metrics ? { metrics: context.metrics } : {}),
  });
}

const joinKey = ({ metadata: { uid = '' } }: ChannelMembership, node: string): string => `${uid}/${node}`;

const named = (plan: MembershipPlan, name: string): boolean => plan.orderers.includes(name) || plan.peers.includes(name);

/** A refusal before a failure, a failure before a wait. */
function worst(obstacles: readonly (Outcome | undefined)[]): Outcome | undefined {
  const found = obstacles.filter((obstacle) => obstacle !== undefined);
  return found.find(({ kind }) => kind === 'stalled') ?? found.find((outcome) => outcome.kind === 'waiting' && outcome.afterMs !== undefined) ?? found[0];
}
