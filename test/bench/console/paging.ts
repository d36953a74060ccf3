import { median } from '../report.ts';
import type { Furnished } from './furnished.ts';

const pageSize = 50;
const compared = 100;

export interface PagingFigures {
  pages: number;
  newestPagesMs: number;
  oldestPagesMs: number;
}

interface Answer {
  channel: { transactions: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
}

const query = `query($channel: ID!, $first: Int!, $after: String) {
  channel(id: $channel) {
    transactions(first: $first, after: $after) {
      edges { node { id blockNumber index type at contract function creator { mspId } validation { name valid } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

async function pages({ client, channelId }: Furnished, atMost: number): Promise<{ times: number[]; seen: Set<string> }> {
  const times: number[] = [];
  const seen = new Set<string>();
  let after: string | undefined;
  while (times.length < atMost) {
    const began = performance.now();
    const { data, errors } = await client.ask<Answer>(query, { channel: channelId, first: pageSize, after });
    times.push(performance.now() - began);
    if (errors) throw new Error(JSON.stringify(errors));
    const { edges, pageInfo } = data.channel.transactions;
    for (const { node } of edges) seen.add(node.id);
    if (!pageInfo.hasNextPage) break;
    after = pageInfo.endCursor;
  }
  return { times, seen };
}

/** From the newest transaction back to the first, page by page, with what the console shows of each. */
export async function measurePaging(furnished: Furnished, transactions: number): Promise<PagingFigures> {
  // The first ones would be slower, because nothing is warm.
  await pages(furnished, compared);
  const { times, seen } = await pages(furnished, Number.POSITIVE_INFINITY);
  // One more than were written: the configuration of the first block.
  if (seen.size !== transactions + 1) throw new Error(`${seen.size} transactions came, of ${transactions + 1}`);
  return { pages: times.length, newestPagesMs: median(times.slice(0, compared)), oldestPagesMs: median(times.slice(-compared)) };
}
