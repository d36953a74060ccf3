import { ContractFault } from '../realm/faults.ts';
import { asObject } from '../realm/messages.ts';
import type { AnswerAsk } from '../realm/runtime.ts';
import type { PeerIterator, PeerStub } from './stub.ts';

const refused = (what: string): ContractFault => new ContractFault('CONTRACT_BROKEN', `the contract asked the ledger for ${what}`);

/** Answers a contract's questions from the peer that called it. */
export function ledgerAccess(stub: PeerStub): AnswerAsk {
  return async (operation, request) => {
    const asked: unknown = JSON.parse(request);
    if (operation === 'get') return JSON.stringify(await getAll(stub, asked));
    if (operation === 'page') return JSON.stringify(await page(stub, asked));
    if (operation === 'history') return JSON.stringify(await history(stub, asked));
    throw refused(`"${operation}", which is not known`);
  };
}

async function getAll(stub: PeerStub, keys: unknown): Promise<(string | null)[]> {
  if (!Array.isArray(keys)) throw refused('keys that are not a list');
  return Promise.all(
    keys.map(async (key: unknown) => {
      const value = await stub.getState(keyOf(key));
      return value.length === 0 ? null : textOf(value);
    }),
  );
}

async function page(stub: PeerStub, asked: unknown): Promise<{ items: [string, string][]; bookmark: string }> {
  const { prefix, pageSize, bookmark } = asObject(asked);
  if (typeof bookmark !== 'string') throw refused('a page with a bookmark that is not a text');
  const size = countOf(pageSize, 1000);
  const start = keyOf(prefix);
  const { iterator, metadata } = await stub.getStateByRangeWithPagination(start, `${start}\u{10ffff}`, size, bookmark);
  const items = await drain(iterator, size);
  return { items: items.map(({ key, value }) => [key, textOf(value)]), bookmark: metadata?.bookmark ?? '' };
}

async function history(stub: PeerStub, asked: unknown): Promise<{ txId: string; timestamp: string; value?: string }[]> {
  const { key, limit } = asObject(asked);
  const entries = await drain(await stub.getHistoryForKey(keyOf(key)), countOf(limit, 1000));
  return entries.map(({ txId, value, isDelete, timestamp: { seconds, nanos } }) => {
    const entry = { txId, timestamp: new Date(seconds * 1000 + Math.floor(nanos / 1_000_000)).toISOString() };
    return isDelete ? entry : { ...entry, value: textOf(value) };
  });
}

async function drain<T>(iterator: PeerIterator<T>, limit: number): Promise<T[]> {
  const items: T[] = [];
  while (items.length < limit) {
    const { value, done } = await iterator.next();
    if (value !== undefined) items.push(value);
    if (done || value === undefined) break;
  }
  await iterator.close();
  return items;
}

function keyOf(key: unknown): string {
  if (typeof key !== 'string' || key === '' || key.startsWith('\0')) throw refused('a key that is empty or not a text');
  return key;
}

function countOf(count: unknown, most: number): number {
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1 || count > most)
    throw refused(`a count that is not from 1 to ${most}`);
  return count;
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
