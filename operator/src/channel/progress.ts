import type { Inspection } from '@guildhall/fabric';
import { keyOf, refOf } from '@guildhall/kubernetes';
import type { Channel, Consortium, Node } from '@guildhall/resources';
import type { OperatorContext } from '../context.ts';
import { channelKey } from '../node/observe.ts';
import { consentersOf } from '../references.ts';
import type { ConsenterView, PeerView } from './decide.ts';
import type { Party } from './gather.ts';

type Sources = Pick<OperatorContext, 'informers' | 'nodes' | 'heights'>;

/** What the consenters show of themselves now; what they showed last time stands in the status. */
export function consenterViews({ informers, nodes }: Sources, channel: Channel, consortium: Consortium): ConsenterView[] {
  return consentersOf(channel, consortium).map(({ member, node, ref }) => {
    const object = informers.nodes.get(ref.namespace, ref.name);
    const before = channel.status?.consenters?.find((each) => each.member === member && each.node === node);
    const inspection = nodes.last(keyOf(ref));
    return { member, node, ...consenterState(channel.metadata.name, object, inspection, before) };
  });
}

function consenterState(
  channel: string,
  node: Node | undefined,
  inspection: Inspection | undefined,
  before: { joined: boolean; height?: number | undefined } | undefined,
): Omit<ConsenterView, 'member' | 'node'> {
  const shown = inspection?.channels.find(({ name }) => name === channel);
  const answers = inspection?.contact === 'answers';
  return {
    joined: shown !== undefined || (!answers && before?.joined === true),
    active: answers && inspection.healthy && shown?.status === 'active' && shown.relation === 'consenter',
    leads: shown?.leader === true,
    height: shown?.height ?? before?.height,
    why: whyInactive(node, inspection, shown),
  };
}

function whyInactive(node: Node | undefined, inspection: Inspection | undefined, shown: Inspection['channels'][number] | undefined): string {
  if (node === undefined) return 'there is no such Node';
  if (inspection === undefined) return node.status?.health?.message ?? 'it has not been asked yet';
  if (!inspection.healthy) return inspection.why;
  return shown === undefined ? 'it is not in the channel' : `it is ${shown.relation ?? 'unknown'} and ${shown.status ?? 'unknown'} in the channel`;
}

export function peerViews({ nodes, heights }: Sources, channel: Channel, consortium: Consortium, parties: readonly Party[]): PeerView[] {
  return parties.flatMap(({ name: member, membership, peers }) =>
    (membership?.spec.peers ?? []).map((node) => {
      const object = peers.find(({ metadata }) => metadata.name === node);
      const inspection = object && nodes.last(keyOf(refOf(object)));
      const answers = inspection?.contact === 'answers';
      const height = inspection?.channels.find(({ name }) => name === channel.metadata.name)?.height;
      const joinedBefore = membership?.status?.peers?.find(({ name }) => name === node)?.joined === true;
      return {
        member,
        node,
        joined: height !== undefined || (!answers && joinedBefore),
        answers: answers && inspection.healthy,
        height,
        level: height !== undefined && heights.isLevel(channelKey(consortium, channel.metadata.name), height),
      };
    }),
  );
}
