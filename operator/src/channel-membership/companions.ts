import { firstCandidate } from '@guildhall/fabric';
import { keyOf } from '@guildhall/kubernetes';
import type { Channel, Consortium } from '@guildhall/resources';
import type { OperatorContext } from '../context.ts';
import { createPatience } from '../patience.ts';
import { consentersOf } from '../references.ts';

export interface Companions {
  /** `member/node` of those that cannot be asked to join yet; empty when there is nothing to wait for. */
  silent: readonly string[];
  /** So many milliseconds at most. */
  waitMs: number;
}

export const noCompanions: Companions = { silent: [], waitMs: 0 };
const patienceMs = 2000;

/**
 * The first orderers of a new channel join together, when enough of them for an election answer, and with them the one that begins it. One that
 * joins earlier dials the others at once, and one that did not listen is dialled again after gRPC's first backoff, a second: just when the first
 * election is held (Fabric, etcdraft/node.go), which fails when it needs that one, and comes a second later.
 */
export function createCompanions({ informers, nodes, clock }: Pick<OperatorContext, 'informers' | 'nodes' | 'clock'>): {
  of(channel: Channel, consortium: Consortium): Companions;
} {
  const patience = createPatience(clock, patienceMs);

  return {
    of(channel, consortium) {
      const { uid = '' } = channel.metadata;
      const all = consentersOf(channel, consortium).map(({ member, node, ref }) => {
        const inspection = nodes.last(keyOf(ref));
        const joined = channel.status?.consenters?.some((each) => each.member === member && each.node === node && each.joined) === true;
        const isThere = informers.nodes.get(ref.namespace, ref.name) !== undefined;
        const answers = inspection?.contact === 'answers';
        return { name: `${member}/${node}`, joined, answers, isSilent: isThere && !answers };
      });
      const silent = all.filter(({ isSilent }) => isSilent).map((each) => each.name);
      const candidate = all[firstCandidate(channel.metadata.name, all.length)];
      const suffices = candidate?.answers === true && all.filter(({ answers }) => answers).length > all.length / 2;
      const waitMs = silent.length === 0 || suffices || all.some(({ joined }) => joined) ? 0 : patience.left(uid);
      if (waitMs > 0) return { silent, waitMs };
      if (silent.length === 0) patience.end(uid);
      return noCompanions;
    },
  };
}
