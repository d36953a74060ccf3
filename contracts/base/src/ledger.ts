import { list, object, optional, text, type Schema } from './schema.ts';

/** The only way out of a contract: an operation's name and its request in JSON, answered in JSON. */
export type Ask = (operation: 'get' | 'page' | 'history', request: string) => Promise<string>;

export interface Page {
  readonly items: readonly (readonly [key: string, value: string])[];
  readonly bookmark: string;
}
export interface Revision {
  readonly txId: string;
  readonly timestamp: string;
  readonly value?: string;
}

/** State as one call sees it: each key is read once, and reads see this call's own writes (the peer would show the old value). */
export interface Ledger {
  get(key: string): Promise<string | undefined>;
  /** Reads keys in one round trip, so that later gets find them. */
  prefetch(keys: readonly string[]): Promise<void>;
  /** What this call knows of a key: its own write, or what it has read. */
  known(key: string): string | undefined;
  put(key: string, value: string): void;
  delete(key: string): void;
  /** Keys that start with the prefix, in order, without this call's writes; in read-only calls (the peer refuses writes after paging). */
  page(prefix: string, pageSize: number, bookmark: string): Promise<Page>;
  history(key: string, limit: number): Promise<readonly Revision[]>;
  /** What to write, in order of keys; null deletes. */
  writes(): readonly (readonly [key: string, value: string | null])[];
}

const anyText = text({ title: 'Text', minLength: 0, maxLength: 100_000_000 });
const pair: Schema<readonly [string, string]> = {
  json: {},
  parse: (value, path) => {
    const [key = '', content = ''] = list(anyText, { title: 'Pair', minItems: 2, maxItems: 2 }).parse(value, path);
    return [key, content];
  },
};
const nullable: Schema<string | null> = { json: {}, parse: (value, path) => (value === null ? null : anyText.parse(value, path)) };
const values = list(nullable, { title: 'Values', maxItems: 10_000 });
const pageAnswer = object({ items: list(pair, { title: 'Items', maxItems: 1000 }), bookmark: anyText });
const revisions = list(object({ txId: anyText, timestamp: anyText, value: optional(anyText) }), { title: 'Revisions', maxItems: 10_000 });

export function createLedger(ask: Ask): Ledger {
  const read = new Map<string, string | undefined>();
  const written = new Map<string, string | null>();

  async function prefetch(keys: readonly string[]): Promise<void> {
    const missing = [...new Set(keys)].filter((key) => !read.has(key));
    if (missing.length === 0) return;
    const found = values.parse(JSON.parse(await ask('get', JSON.stringify(missing))), 'ledger');
    for (const [index, key] of missing.entries()) read.set(key, found[index] ?? undefined);
  }

  const known = (key: string): string | undefined => {
    const own = written.get(key);
    return own === undefined ? read.get(key) : (own ?? undefined);
  };

  return {
    prefetch,
    known,
    async get(key) {
      if (!written.has(key)) await prefetch([key]);
      return known(key);
    },
    put: (key, value) => void written.set(key, value),
    delete: (key) => void written.set(key, null),
    page: async (prefix, pageSize, bookmark) =>
      pageAnswer.parse(JSON.parse(await ask('page', JSON.stringify({ prefix, pageSize, bookmark }))), 'ledger'),
    history: async (key, limit) => revisions.parse(JSON.parse(await ask('history', JSON.stringify({ key, limit }))), 'ledger'),
    writes: () => [...written].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}
