import { ContractFault } from './faults.ts';

/** What a realm sends out, one JSON text per line. */
export type RealmMessage =
  | { readonly type: 'ask'; readonly ask: number; readonly operation: string; readonly request: string }
  | { readonly type: 'answer'; readonly answer: string }
  | { readonly type: 'failure'; readonly failure: string };

export interface Write {
  readonly key: string;
  /** undefined deletes */ readonly value?: string;
}

export type Answer =
  | {
      readonly ok: true;
      readonly payload: string;
      readonly event?: { readonly name: string; readonly payload: string };
      readonly writes: readonly Write[];
    }
  | { readonly ok: false; readonly message: string };

/** As many as it may read: no honest call comes near it. */
const maximumWrites = 20_000;

const broken = (what: string): ContractFault => new ContractFault('CONTRACT_BROKEN', `the contract sent ${what}`);

/** The outbox is whatever the contract made of it: anything may be in it. */
export function parseOutbox(outbox: unknown): RealmMessage[] {
  if (typeof outbox !== 'string') throw broken('something that is not a text');
  return outbox
    .split('\n')
    .filter((line) => line !== '')
    .map(parseMessage);
}

function parseMessage(line: string): RealmMessage {
  const message = asObject(parseJson(line));
  const { ask, operation, request, answer, failure } = message;
  if (typeof answer === 'string') return { type: 'answer', answer };
  if (typeof failure === 'string') return { type: 'failure', failure };
  if (Number.isSafeInteger(ask) && typeof ask === 'number' && typeof operation === 'string' && typeof request === 'string')
    return { type: 'ask', ask, operation, request };
  throw broken('a message of an unknown form');
}

export function parseAnswer(json: string): Answer {
  const { ok, message, payload, event, writes } = asObject(parseJson(json));
  if (ok === false && typeof message === 'string') return { ok, message: wellFormed(message) };
  if (ok !== true || typeof payload !== 'string' || !Array.isArray(writes)) throw broken('an answer of an unknown form');
  if (writes.length > maximumWrites) throw broken(`more than ${maximumWrites} writes in one call`);
  const parsed = { ok: true as const, payload, writes: writes.map(parseWrite) };
  return event === undefined ? parsed : { ...parsed, event: parseEvent(event) };
}

function parseWrite(write: unknown): Write {
  const [key, value] = Array.isArray(write) ? (write as readonly unknown[]) : [];
  if (typeof key !== 'string' || wellFormed(key) === '' || key.startsWith('\0')) throw broken('a write without a proper key');
  if (value === null) return { key };
  if (typeof value !== 'string' || value === '') throw broken(`a write of ${key} that is not a text`);
  return { key, value };
}

function parseEvent(event: unknown): { name: string; payload: string } {
  const { name, payload } = asObject(event);
  if (typeof name !== 'string' || wellFormed(name) === '' || typeof payload !== 'string') throw broken('an event of an unknown form');
  return { name, payload };
}

/** The peer ends the whole connection when it gets a text that has no UTF-8. */
function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw broken('a text with half a surrogate pair');
  return text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw broken('something that is not JSON');
  }
}

export function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw broken('something that is not an object');
  return value as Record<string, unknown>;
}
