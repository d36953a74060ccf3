import { X509Certificate } from 'node:crypto';
import { quorumOf, type Condition, type Member, type Node } from '@guildhall/resources';
import { isHealthy, orderersOf, ownerOf, type Kind, type World } from './world.ts';

export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
}

export interface Definition {
  help: string;
  labels: readonly string[];
}

/** Read off how things are now. */
export interface GaugeDefinition extends Definition {
  of(world: World): readonly Sample[];
}

const healthStates = ['Healthy', 'Unhealthy', 'Unreachable', 'Starting', 'Ended'] as const satisfies readonly NonNullable<NonNullable<Node['status']>['health']>['state'][];
const conditionTypes = ['Ready', 'Stalled', 'Degraded'] as const;
export type WatchedCondition = (typeof conditionTypes)[number];

const node = ['consortium', 'member', 'node'];
const channel = ['consortium', 'channel'];
const object = ['kind', 'consortium', 'member', 'name'];

const labelsOfNode = (of: Node): Record<string, string> => ({ ...ownerOf(of), node: of.metadata.name });
export const labelsOfChannel = (of: World['channels'][number]): Record<string, string> => ({ consortium: ownerOf(of).consortium, channel: of.metadata.name });
export const labelsOfObject = (kind: Kind, of: World[Kind][number]): Record<string, string> => ({ kind: kindNames[kind], ...ownerOf(of), name: of.metadata.name });
const kindNames: Readonly<Record<Kind, string>> = { consortia: 'Consortium', members: 'Member', nodes: 'Node', channels: 'Channel', contracts: 'Contract' };

const seconds = (time: string | Date): number => new Date(time).getTime() / 1000;
const perNode = (value: (node: Node) => number | undefined) => ({ nodes }: World): Sample[] =>
  nodes.flatMap((each) => {
    const found = value(each);
    return found === undefined ? [] : [{ labels: labelsOfNode(each), value: found }];
  });
const perNodeOfChannel = (value: (channel: NonNullable<NonNullable<Node['status']>['channels']>[number]) => number) => ({ nodes }: World): Sample[] =>
  nodes.flatMap((each) => (each.status?.channels ?? []).map((progress) => ({ labels: { ...labelsOfNode(each), channel: progress.name }, value: value(progress) })));
const perChannel = (value: (channel: World['channels'][number], world: World) => number | undefined) => (world: World): Sample[] =>
  world.channels.flatMap((each) => {
    const found = value(each, world);
    return found === undefined ? [] : [{ labels: labelsOfChannel(each), value: found }];
  });

/** What an object that is yet to be looked at counts as: absence must never look like health. */
export const holds = (conditions: readonly Condition[] | undefined, type: WatchedCondition): boolean => conditions?.find((condition) => condition.type === type)?.status === 'True';

function conditionsOf(kind: Kind, of: World[Kind][number]): Sample[] {
  return conditionTypes.map((type) => {
    const found = of.status?.conditions?.find((condition) => condition.type === type);
    return { labels: { ...labelsOfObject(kind, of), type, reason: found?.reason ?? '' }, value: Number(found?.status === 'True') };
  });
}

function memberCertificates(member: Member): Sample[] {
  const found = member.status?.certificateAuthority;
  if (found === undefined) return [];
  const certificates = {
    'signing-root': found.signing.root, 'signing-issuing': found.signing.issuing, 'tls-root': found.tls.root, 'tls-issuing': found.tls.issuing,
    'admin-endpoint-root': found.adminEndpoint.root, admin: found.admin.certificate,
  };
  return Object.entries(certificates).map(([use, pem]) => ({ labels: { ...ownerOf(member), node: '', use }, value: seconds(new X509Certificate(pem).validToDate) }));
}

/** Labels have names of objects and words of closed sets, never messages: how many series there are follows from how many objects there are. */
export const gauges: Readonly<Record<string, GaugeDefinition>> = {
  guildhall_node_health: {
    help: 'What a node was last found to be: 1 for this state, 0 for the others', labels: [...node, 'role', 'state'],
    of: ({ nodes }) => nodes.flatMap((each) => healthStates.map((state) => ({ labels: { ...labelsOfNode(each), role: each.spec.role, state }, value: Number(each.status?.health?.state === state) }))),
  },
  guildhall_node_health_since_timestamp_seconds: { help: 'When this state of the node began', labels: node, of: perNode(({ status }) => (status?.health === undefined ? undefined : seconds(status.health.since))) },
  guildhall_node_restarts: { help: "Restarts of the node's process within its present pod", labels: node, of: perNode(({ status }) => status?.restarts) },
  guildhall_node_channel_height: { help: 'Blocks of the channel that the node has', labels: [...node, 'channel'], of: perNodeOfChannel(({ height }) => height) },
  guildhall_node_channel_lag: { help: "Blocks that the node misses of what the channel's furthest node has", labels: [...node, 'channel'], of: perNodeOfChannel(({ lag }) => lag) },
  guildhall_channel_height: { help: 'Blocks of the channel', labels: channel, of: perChannel(({ status }) => status?.height) },
  guildhall_channel_has_leader: { help: '1 while an orderer leads the channel', labels: channel, of: perChannel(({ status }) => Number(status?.leader !== undefined)) },
  guildhall_channel_orderers: { help: "Orderers in the channel's configuration", labels: channel, of: perChannel(({ spec }) => spec.orderers.length) },
  guildhall_channel_orderers_healthy: { help: 'Orderers of the channel that are healthy', labels: channel, of: perChannel((each, world) => orderersOf(world, each).filter(isHealthy).length) },
  guildhall_channel_orderers_quorum: { help: 'Orderers that it takes to order transactions (Raft)', labels: channel, of: perChannel(({ spec }) => quorumOf(spec.orderers.length)) },
  guildhall_certificate_expiry_timestamp_seconds: {
    help: 'When a certificate ends: of a node, or, without one, of the member', labels: [...node, 'use'],
    of: ({ nodes, members }) => [
      ...nodes.flatMap((each) => (each.status?.certificates ?? []).map(({ use, notAfter }) => ({ labels: { ...labelsOfNode(each), use }, value: seconds(notAfter) }))),
      ...members.flatMap(memberCertificates),
    ],
  },
  guildhall_condition: {
    help: '1 while the condition holds, with its reason', labels: [...object, 'type', 'reason'],
    of: (world) => (Object.keys(kindNames) as Kind[]).flatMap((kind) => world[kind].flatMap((each) => conditionsOf(kind, each))),
  },
};

/** Read off what changes: since this process began. */
export const counters = {
  guildhall_channel_leader_changes_total: { help: 'Times that another orderer was seen to lead the channel than the one before', labels: channel },
  guildhall_condition_transitions_total: { help: 'Times that the condition was seen to begin or to end', labels: [...object, 'type'] },
} as const satisfies Readonly<Record<string, Definition>>;
export type CounterName = keyof typeof counters;
export { conditionTypes };
