import { keyOf } from '@guildhall/kubernetes';
import type { Channel, Consortium } from '@guildhall/resources';
import type { OperatorContext } from '../context.ts';
import { createPatience } from '../patience.ts';

export interface Companions {
  /** `member/node` of those that cannot be asked to join yet; empty when there is nothing to wait for. */
  silent: readonly string[];
  /** So many milliseconds at most. */
  waitMs: number;
}

export const noCompanions: Companions = { silent: [], waitMs: 0 };
const patienceMs = 2000;

/**
 * Orderers of a new channel join together, when all of them answer. One that joins earlier dials the others at once, and one that did not
 * listen is dialled again after gRPC's first backoff, a second: just when the first election is held (Fabric, etcdraft/node.go), which then
 * fails and comes a second later.
 */
export function createCompanions({ informers, nodes, clock }: Pick<OperatorContext, 'informers' | 'nodes' | 'clock'>): {
  of(channel: Channel, consortium: Consortium): Companions;
} {
  const patience = createPatience(clock, patienceMs);

  return {
    of(channel, consortium) {
      const { uid = '' } = channel.metadata;
      const all = channel.spec.orderers.map(({ member, node }) => {
        const namespace = consortium.spec.members.find((each) => each.name === member)?.namespace ?? '';
        const inspection = nodes.last(keyOf({ namespace, name: node }));
        const joined = channel.status?.consenters?.some((each) => each.member === member && each.node === node && each.joined) === true;
        const isThere = informers.nodes.get(namespace, node) !== undefined;
        return { name: `${member}/${node}`, joined, isSilent: isThere && inspection?.contact !== 'answers' };
      });
      const silent = all.filter(({ isSilent }) => isSilent).map((each) => each.name);
      const waitMs = silent.length === 0 || all.some(({ joined }) => joined) ? 0 : patience.left(uid);
      if (waitMs > 0) return { silent, waitMs };
      if (silent.length === 0) patience.end(uid);
      return noCompanions;
    },
  };
}
