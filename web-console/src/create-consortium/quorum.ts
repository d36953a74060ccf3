/** More than half of them. */
export const majorityOf = (count: number): number => Math.floor(count / 2) + 1;

/** How many of so many Raft orderers may be lost while a majority is up. */
export const survivedLosses = (orderers: number): number => Math.max(0, orderers - majorityOf(orderers));

export type OrderingAdvice = 'none' | 'single' | 'even' | 'fine';

/** What is worth a thought about so many Raft orderers. */
export function orderingAdvice(orderers: number): OrderingAdvice {
  if (orderers === 0) return 'none';
  if (orderers === 1) return 'single';
  return orderers % 2 === 0 ? 'even' : 'fine';
}

/** Those whose orderers the others' cannot replace: without one of them nothing is ordered. */
export function indispensable(orderersOf: ReadonlyMap<string, number>): string[] {
  const all = [...orderersOf.values()].reduce((sum, count) => sum + count, 0);
  return [...orderersOf].filter(([, count]) => count > 0 && all - count < majorityOf(all)).map(([member]) => member);
}
