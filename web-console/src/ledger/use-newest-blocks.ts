import { useRef } from 'react';
import { LedgerBlocksDocument, LedgerBlocksFromNowDocument, type BlockLineFragment } from '../graphql/generated/graphql.ts';
import type { GraphQLClient, Heard } from '../graphql/client.ts';
import type { Live } from '../graphql/live.ts';
import { problemsOf } from '../graphql/problem.ts';
import { useFollowed } from '../graphql/use-live.ts';
import { leavesGap, mergeBlocks } from './newest-blocks.ts';
import type { Ledger } from './use-ledger.ts';

const pageSize = 20;
/** So that a paused list can tell how many came meanwhile, and does not grow for ever. */
const kept = 200;

/** What was heard so far, over any number of connections. */
interface Memory {
  blocks: readonly BlockLineFragment[];
  checkpoint: string | undefined;
}

const nothing: Memory = { blocks: [], checkpoint: undefined };

async function* newestBlocks(client: GraphQLClient, ledger: Ledger, memory: Memory, signal: AbortSignal): AsyncGenerator<Heard<readonly BlockLineFragment[]>, void> {
  const look = async (): Promise<void> => {
    const { channel } = await client.request(LedgerBlocksDocument, { channel: ledger.channelId, first: pageSize }, signal);
    const found = channel.blocks.edges.map(({ node }) => node);
    const [oldest] = found.slice(-1);
    // A page that does not reach what is known replaces it: a list with a hole in it would lie.
    const reaches = oldest !== undefined && memory.blocks.some(({ number }) => number >= oldest.number - 1);
    if (!reaches) Object.assign(memory, nothing);
    memory.blocks = mergeBlocks(memory.blocks, found, kept);
  };
  await look();
  yield { data: memory.blocks };
  const { consortium, channel } = ledger;
  try {
    for await (const heard of client.subscribe(LedgerBlocksFromNowDocument, { consortium, channel, ...(memory.checkpoint === undefined ? {} : { after: memory.checkpoint }) }, signal)) {
      const newest = memory.blocks[0]?.number;
      if (heard === 'alive') {
        // What was committed between the first look and the subscription's beginning was told by neither.
        await look();
        if (memory.blocks[0]?.number === newest) yield 'alive';
        else yield { data: memory.blocks };
        continue;
      }
      const { block, checkpoint } = heard.data.blocks;
      if (leavesGap(memory.blocks, block)) await look();
      memory.blocks = mergeBlocks(memory.blocks, [block], kept);
      memory.checkpoint = checkpoint;
      yield { data: memory.blocks };
    }
  } catch (error) {
    if (memory.checkpoint === undefined || problemsOf(error)[0].code !== 'CONFLICT') throw error;
    // The ledger was restored to an earlier state: what is known of it is true no more, and is asked for anew.
    Object.assign(memory, nothing);
  }
}

/** The newest blocks, live; a lost connection goes on where it ended. */
export function useNewestBlocks(ledger: Ledger, skip: boolean): Live<readonly BlockLineFragment[]> {
  const known = useRef<Memory & { of: string }>(undefined);
  return useFollowed<readonly BlockLineFragment[]>({
    key: `blocks ${ledger.channelId}`,
    skip,
    isLast: () => false,
    source: (client, signal) => {
      if (known.current?.of !== ledger.channelId) known.current = { ...nothing, of: ledger.channelId };
      return newestBlocks(client, ledger, known.current, signal);
    },
  });
}
