/** What a peer says of the block that was read last: it has the same, another, or none of that number (yet); or it says nothing. */
export type Agreement = 'same' | 'other' | 'behind' | 'silent';

/**
 * Where to read on. A peer that has the same block goes on from it. When all answer and none has it, the ledger is no longer the one that was read: it was
 * restored to an earlier state, or made anew. While somebody is silent nobody can say so.
 */
export function whereToGoOn(answers: readonly Agreement[]): { readonly at: number } | 'wait' | 'changed' {
  const at = answers.indexOf('same');
  if (at >= 0) return { at };
  return answers.length === 0 || answers.includes('silent') ? 'wait' : 'changed';
}
