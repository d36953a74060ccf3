import type { Api } from '../../e2e/support/api.ts';
import type { Shown } from './screens.ts';

interface Found {
  consortia: { edges: { node: ShownConsortium }[] };
  operations: { edges: { node: { id: string } }[] };
}
interface ShownConsortium {
  name: string;
  nodes: { member: string; name: string; role: string }[];
  channels: { name: string; transactions: { edges: { node: { id: string } }[] } }[];
  contracts: { name: string }[];
}

export const nothing: Shown = { consortium: '', operation: '', member: '', node: '', channel: '', contract: '', transaction: '', spare: undefined };

function spareOf(nodes: ShownConsortium['nodes']): Shown['spare'] {
  const peers = nodes.filter(({ role }) => role === 'peer');
  const spare = peers.findLast(({ member, name }) => peers.some((other) => other.member === member && other.name !== name));
  return spare && { member: spare.member, node: spare.name };
}

/** What there is to show of the first consortium, which has a receivable with a transaction. */
export async function shownBy(api: Api): Promise<Shown> {
  const { consortia, operations } = await api.request<Found>(`{
    consortia(first: 1) { edges { node { name nodes { member name role } channels { name transactions(contract: "receivable", first: 1) { edges { node { id } } } } contracts { name } } } }
    operations(first: 1) { edges { node { id } } }
  }`);
  const consortium = consortia.edges[0]?.node;
  const [operation, node, channel, contract] = [operations.edges[0]?.node.id, consortium?.nodes[0], consortium?.channels[0], consortium?.contracts[0]?.name];
  const transaction = channel?.transactions.edges[0]?.node.id;
  if (!consortium || !operation || !node || !channel || !contract || !transaction) throw new Error('there is no consortium with a transaction to show: start the demo first');
  return { consortium: consortium.name, operation, member: node.member, node: node.name, channel: channel.name, contract, transaction, spare: spareOf(consortium.nodes) };
}
