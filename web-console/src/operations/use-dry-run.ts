import type { GraphQLClient } from '../graphql/client.ts';
import { useFollowed } from '../graphql/use-live.ts';
import { useSettled } from '../ui/use-settled.ts';
import { answered, type Answer, type Known } from './planned.ts';

/**
 * Asks what something comes to, once it has settled, and again while Guildhall does not answer.
 * @param asked as text; empty when nothing is
 * @param round another number asks once more
 */
export function useDryRun<Plan>(asked: string, ask: (client: GraphQLClient, settled: string, signal: AbortSignal) => Promise<Plan>, round = 0): Pick<Known<Plan>, 'settled' | 'answer'> {
  const settled = useSettled(asked);
  const answer = useFollowed<Answer<Plan>>({
    key: settled,
    skip: settled === '',
    round,
    isLast: () => true,
    source: async function* (client, signal) {
      yield { data: await answered(settled, () => ask(client, settled, signal)) };
    },
  });
  return { settled, answer };
}
