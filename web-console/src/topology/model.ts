import { daysLeft, firstToExpire, soonDays } from '../certificates/expiry.ts';
import { nodeState, type NodeState } from '../consortia/node-state.ts';

interface NodeNow {
  readonly name: string;
  readonly member: string;
  readonly role: string;
  readonly version: string | null;
  readonly health: { readonly state: string } | null;
  readonly channels: readonly { readonly name: string; readonly height: number; readonly lag: number; readonly leader: boolean | null }[];
  readonly certificates: readonly { readonly notAfter: string }[];
}

export interface ConsortiumShape {
  readonly members: readonly { readonly name: string; readonly displayName: string | null; readonly mspId: string; readonly ready: boolean }[];
  readonly nodes: readonly NodeNow[];
  readonly channels: readonly {
    readonly name: string;
    readonly ready: boolean;
    readonly height: number | null;
    readonly leader: string | null;
    readonly members: readonly { readonly name: string }[];
    readonly consenters: readonly { readonly member: string }[];
  }[];
  readonly contracts: readonly { readonly name: string; readonly channel: string; readonly members: readonly { readonly name: string; readonly running: boolean }[] }[];
}

export interface NodeCard {
  member: string;
  name: string;
  role: string;
  state: NodeState;
  version: string | null;
  /** Blocks that it is behind where it is furthest behind. */
  lag: number;
  /** Of the certificate that expires first, when that is soon. */
  expiresInDays: number | undefined;
  leads: readonly string[];
}

export interface Lane {
  member: string;
  title: string;
  mspId: string;
  ready: boolean;
  nodes: readonly NodeCard[];
}

/** What one member has in a channel. */
export interface Cell {
  member: string;
  takesPart: boolean;
  nodes: readonly { name: string; role: string; height: number; lag: number; leader: boolean }[];
  contracts: readonly { name: string; running: boolean }[];
}

export interface Band {
  channel: string;
  ready: boolean;
  height: number | null;
  leader: string | null;
  cells: readonly Cell[];
}

const order = ['orderer', 'peer'];
const byRoleAndName = (one: NodeNow, other: NodeNow): number => order.indexOf(one.role) - order.indexOf(other.role) || one.name.localeCompare(other.name, 'en', { numeric: true });

function cardOf(node: NodeNow, now: Date): NodeCard {
  const first = firstToExpire(node.certificates);
  const days = first ? daysLeft(first.notAfter, now) : soonDays;
  return {
    member: node.member,
    name: node.name,
    role: node.role,
    state: nodeState(node.health),
    version: node.version,
    lag: Math.max(0, ...node.channels.map(({ lag }) => lag)),
    expiresInDays: days < soonDays ? days : undefined,
    leads: node.channels.filter(({ leader }) => leader).map(({ name }) => name),
  };
}

/** A consortium as lanes (its members) and bands across them (its channels). */
export function topologyOf({ members, nodes, channels, contracts }: ConsortiumShape, now: Date): { lanes: Lane[]; bands: Band[] } {
  const nodesOf = (member: string): NodeNow[] => nodes.filter((node) => node.member === member).sort(byRoleAndName);
  const cellOf = (channel: ConsortiumShape['channels'][number], member: string): Cell => ({
    member,
    takesPart: channel.members.some(({ name }) => name === member) || channel.consenters.some((consenter) => consenter.member === member),
    nodes: nodesOf(member).flatMap(({ name, role, channels: joined }) => {
      const there = joined.find((each) => each.name === channel.name);
      return there ? [{ name, role, height: there.height, lag: there.lag, leader: there.leader === true }] : [];
    }),
    contracts: contracts.flatMap(({ name, channel: of, members: runners }) => {
      const runner = of === channel.name ? runners.find((each) => each.name === member) : undefined;
      return runner ? [{ name, running: runner.running }] : [];
    }),
  });
  return {
    lanes: members.map(({ name, displayName, mspId, ready }) => ({ member: name, title: displayName ?? name, mspId, ready, nodes: nodesOf(name).map((node) => cardOf(node, now)) })),
    bands: channels.map((channel) => ({
      channel: channel.name,
      ready: channel.ready,
      height: channel.height,
      leader: channel.leader,
      cells: members.map(({ name }) => cellOf(channel, name)),
    })),
  };
}
