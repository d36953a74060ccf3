export type SearchTarget = { kind: 'nothing' } | { kind: 'transaction'; id: string } | { kind: 'block'; number: number } | { kind: 'key'; key: string };

const largestNumber = 2 ** 31 - 1;

/** What somebody looks for who types this: a transaction's id and a block's number have forms of their own; all else is a key. */
export function searchTarget(typed: string): SearchTarget {
  const text = typed.trim();
  if (text === '') return { kind: 'nothing' };
  if (/^[0-9a-f]{64}$/i.test(text)) return { kind: 'transaction', id: text.toLowerCase() };
  if (/^\d{1,10}$/.test(text) && Number(text) <= largestNumber) return { kind: 'block', number: Number(text) };
  return { kind: 'key', key: text };
}
