import type { JsonObject } from '../canonical-json.ts';
import type { Caller } from '../caller.ts';
import type { Contract } from '../contract.ts';

// A channel in memory for tests of contracts: state with versions, so that of two transactions that read the same only one commits.

export interface Endorsement {
  readonly ok: boolean;
  /** What the call returned; undefined when it was refused. */
  readonly payload?: JsonObject;
  readonly refusal?: { readonly code: string; readonly message: string; readonly path?: string; readonly nextAction: string };
  readonly event?: { readonly name: string; readonly payload: string };
  readonly writes: readonly (readonly [key: string, value: string | null])[];
  readonly reads: ReadonlyMap<string, number>;
  /** The contract's answer as it came. */
  readonly bytes: string;
}

export interface TestChannel {
  /** The time of the next transactions, RFC 3339. */
  now: string;
  readonly state: ReadonlyMap<string, string>;
  /** Simulates without committing. */
  endorse(contract: Contract, caller: Caller, operation: string, args: object): Promise<Endorsement>;
  /** False when something that the transaction read has changed since (MVCC_READ_CONFLICT). */
  commit(endorsement: Endorsement): boolean;
  /** Simulates and commits. */
  call(contract: Contract, caller: Caller, operation: string, args: object): Promise<Endorsement>;
}

interface Entry {
  readonly value: string | undefined;
  readonly txId: string;
  readonly timestamp: string;
}

export function createTestChannel(now: string): TestChannel {
  const state = new Map<string, string>();
  const versions = new Map<string, number>();
  const history = new Map<string, Entry[]>();
  let committed = 0;

  const channel: TestChannel = {
    now,
    state,
    async endorse(contract, caller, operation, args) {
      const reads = new Map<string, number>();
      const request = JSON.stringify({ operation, args: JSON.stringify(args), caller, timestamp: channel.now });
      const bytes = await contract.invoke(request, async (ask, asked) => {
        const parsed: unknown = JSON.parse(asked);
        if (ask === 'get')
          return JSON.stringify(
            keysOf(parsed).map((key) => {
              reads.set(key, versions.get(key) ?? 0);
              return state.get(key) ?? null;
            }),
          );
        return JSON.stringify(ask === 'page' ? page(state, parsed) : revisionsOf(history, parsed));
      });
      return { ...parseAnswer(bytes), reads, bytes };
    },
    commit({ writes, reads }) {
      for (const [key, version] of reads) if ((versions.get(key) ?? 0) !== version) return false;
      committed += 1;
      for (const [key, value] of writes) {
        versions.set(key, (versions.get(key) ?? 0) + 1);
        history.set(key, [{ value: value ?? undefined, txId: `tx-${committed}`, timestamp: channel.now }, ...(history.get(key) ?? [])]);
        if (value === null) state.delete(key);
        else state.set(key, value);
      }
      return true;
    },
    async call(contract, caller, operation, args) {
      const endorsement = await channel.endorse(contract, caller, operation, args);
      if (endorsement.ok) channel.commit(endorsement);
      return endorsement;
    },
  };
  return channel;
}

interface Answer {
  ok: boolean;
  payload?: string;
  message?: string;
  event?: { name: string; payload: string };
  writes?: [string, string | null][];
}

function parseAnswer(bytes: string): Omit<Endorsement, 'reads' | 'bytes'> {
  const { ok, payload = '{}', message = '{}', event, writes = [] } = JSON.parse(bytes) as Answer;
  if (!ok) return { ok, refusal: JSON.parse(message) as NonNullable<Endorsement['refusal']>, writes };
  const answer = { ok, payload: JSON.parse(payload) as JsonObject, writes };
  return event ? { ...answer, event } : answer;
}

const keysOf = (asked: unknown): string[] => (Array.isArray(asked) ? asked.map(String) : []);

function page(state: ReadonlyMap<string, string>, asked: unknown): { items: (readonly [string, string])[]; bookmark: string } {
  const { prefix, pageSize, bookmark } = asked as { prefix: string; pageSize: number; bookmark: string };
  // As the peer does it: the bookmark is where the range begins.
  const items = [...state].filter(([key]) => key >= (bookmark || prefix) && key < `${prefix}\u{10ffff}`).sort(([a], [b]) => (a < b ? -1 : 1));
  return { items: items.slice(0, pageSize), bookmark: items[pageSize]?.[0] ?? '' };
}

function revisionsOf(history: ReadonlyMap<string, readonly Entry[]>, asked: unknown): readonly Entry[] {
  const { key, limit } = asked as { key: string; limit: number };
  return (history.get(key) ?? []).slice(0, limit);
}
