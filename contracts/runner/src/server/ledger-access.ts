import { ContractFault } from '../realm/faults.ts';
import { asObject } from '../realm/messages.ts';
import type { AnswerAsk } from '../realm/runtime.ts';
import type { PeerIterator, PeerStub } from './stub.ts';

/** No honest call comes near these; without them a contract could fill this process's memory with what it reads. */
const maximumKeys = 20_000;
const maximumCharacters = 16_000_000;

const refused = (what: string): ContractFault => new ContractFault('CONTRACT_BROKEN', `the contract asked the ledger for ${what}`);

/** Answers the questions of one call from the peer that made it. */
export function ledgerAccess(stub: PeerStub): AnswerAsk {
  let read = 0;
  return async (operation, request) => {
    const answer = JSON.stringify(await lookUp(stub, operation, parse(request)));
    read += answer.length;
    if (read > maximumCharacters) throw refused(`more than ${maximumCharacters} characters in one call`);
    return answer;
  };
}

async function lookUp(stub: PeerStub, operation: string, asked: unknown): Promise<unknown> {
  if (operation === 'get') return getAll(stub, asked);
  if (operation === 'page') return page(stub, asked);
  if (operation === 'history') return history(stub, asked);
  throw refused(`"${operation}", which is not known`);
}

function parse(request: string): unknown {
  try {
    return JSON.parse(request);
  } catch {
    throw refused('something that is not JSON');
  }
}

async function getAll(stub: PeerStub, keys: unknown): Promise<(string | null)[]> {
  if (!Array.isArray(keys)) throw refused('keys that are not a list');
  if (keys.length > maximumKeys) throw refused(`more than ${maximumKeys} keys at once`);
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
  if (typeof key !== 'string' || key === '' || key.startsWith('\0') || !key.isWellFormed()) throw refused('a key that is empty or not a text');
  return key;
}

function countOf(count: unknown, most: number): number {
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1 || count > most)
    throw refused(`a count that is not from 1 to ${most}`);
  return count;
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
