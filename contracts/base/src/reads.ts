import { findRecord, getRecord, indexPrefix, assetKey, type Kind } from './record.ts';
import { toJson, type JsonValue } from './canonical-json.ts';
import { agreedTime, readClock } from './clock.ts';
import { readConfig } from './config.ts';
import { ContractError } from './errors.ts';
import type { Ledger } from './ledger.ts';
import { operationsFor } from './define.ts';
import type { ReadOperation } from './operation.ts';
import { id, integer, oneOf, optional, text } from './schema.ts';

export const pageArgs = {
  pageSize: optional(integer({ title: 'Records per page', minimum: 1, maximum: 100 })),
  bookmark: optional(text({ title: 'Where the former page ended', minLength: 0, maxLength: 1000 })),
};

/** The reads that every contract has. */
export function baseReads<Settings>(kinds: readonly Kind[]): Record<string, ReadOperation<Settings>> {
  const operations = operationsFor<Settings>();
  const names = kinds.map(({ name }) => name);
  const kind = optional(oneOf('Kind of record', names));
  const kindOf = (name: string | undefined): Kind => {
    const found = kinds.find((candidate) => candidate.name === (name ?? names[0]));
    if (!found) throw new ContractError('INVALID_ARG', 'kind: is missing', { path: 'kind' });
    return found;
  };
  return {
    Get: operations.read({
      title: 'Get',
      description: 'One record as it stands.',
      args: { kind, id: id('Id') },
      run: async ({ ledger }, args) => toJson(await getRecord(ledger, kindOf(args.kind), args.id)),
    }),
    History: operations.read({
      title: 'History',
      description: 'The versions of a record, the latest 1000 at most, newest first, each with its transaction.',
      args: { kind, id: id('Id') },
      run: async ({ ledger }, args) => historyOf(ledger, kindOf(args.kind), args.id),
    }),
    List: operations.read({
      title: 'List',
      description: 'Records in a state, in order of id. An offer that expired shows as LOCKED until the next operation on it.',
      args: { kind, state: text({ title: 'State', maxLength: 64 }), ...pageArgs },
      run: async ({ ledger }, args) => {
        const chosen = kindOf(args.kind);
        const states = Object.keys(chosen.states);
        if (!states.includes(args.state))
          throw new ContractError('INVALID_ARG', `state: must be one of ${states.join(', ')}`, { path: 'state' });
        return listBy(ledger, chosen, 'state', args.state, args);
      },
    }),
    Config: operations.read({
      title: 'Config',
      description: 'The configuration, who accepted it, and the agreed clock.',
      args: {},
      run: async ({ ledger, config }) => {
        const stored = await readConfig(ledger);
        if (!stored || !config) return { state: 'NONE' };
        const { state, hash, acceptedBy } = stored;
        const { parties, clock, settings } = config;
        const time = agreedTime(await readClock(ledger), clock) ?? null;
        return { state, hash, acceptedBy, time, config: toJson({ parties, clock, settings }) };
      },
    }),
  };
}

/** A page of the records that an index has under a value. */
export async function listBy<Data>(
  ledger: Ledger,
  kind: Kind<Data>,
  index: string,
  value: string,
  { pageSize = 50, bookmark = '' }: { readonly pageSize?: number; readonly bookmark?: string },
): Promise<JsonValue> {
  const prefix = indexPrefix(kind.name, index, value);
  // The peer takes a bookmark as the key to begin at; without the prefix it cannot lead to other keys.
  const page = await ledger.page(prefix, pageSize, bookmark === '' ? '' : `${prefix}${bookmark}`);
  const ids = page.items.map(([key]) => key.slice(prefix.length));
  await ledger.prefetch(ids.map((id) => assetKey(kind.name, id)));
  const records: JsonValue[] = [];
  for (const id of ids) {
    const record = await findRecord(ledger, kind, id);
    if (record) records.push(toJson(record));
  }
  return { records, bookmark: page.bookmark.slice(prefix.length) };
}

async function historyOf(ledger: Ledger, kind: Kind, id: string): Promise<JsonValue> {
  const revisions = await ledger.history(assetKey(kind.name, id), 1000);
  if (revisions.length === 0) throw new ContractError('NOT_FOUND', `there is no ${kind.name} ${id}`, { path: 'id' });
  return {
    revisions: revisions.map(({ txId, timestamp, value }) => ({
      txId,
      timestamp,
      record: value === undefined ? null : (JSON.parse(value) as JsonValue),
    })),
  };
}
