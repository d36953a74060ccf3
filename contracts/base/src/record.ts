import { canonicalJson } from './canonical-json.ts';
import { ContractError } from './errors.ts';
import type { Ledger } from './ledger.ts';
import { integer, instant, object, optional, text, type Schema } from './schema.ts';
import { sha256Hex } from './sha256.ts';

/** One asset on the ledger. `version` counts its writes from 1; its times never go back. */
export interface AssetRecord<Data = unknown> {
  readonly kind: string;
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Why a regulator stopped every move of it. */
  readonly frozen?: { readonly by: string; readonly reason: string; readonly orderRef: string };
  readonly data: Data;
}

export interface StateDescription {
  readonly title: string;
  readonly final?: boolean;
}

/** A sort of asset: its states, its data, and what it can be found by. */
export interface Kind<Data = unknown> {
  readonly name: string;
  readonly title: string;
  readonly states: Readonly<Record<string, StateDescription>>;
  /** Reads records of every former version too: what they lack has a fallback. */
  readonly data: Schema<Data>;
  /** What to find the record by, beside its state; undefined leaves it out of an index. */
  indexes?(record: AssetRecord<Data>): Readonly<Record<string, string | undefined>>;
  /** The record as time alone has left it (an offer that expired gives back the former state). */
  lapsed?(record: AssetRecord<Data>, now: string): AssetRecord<Data>;
}

export interface Change {
  readonly kind: string;
  readonly id: string;
  readonly from: string | null;
  readonly to: string;
  readonly version: number;
  readonly msp: string;
  /** SHA-256 of the record's canonical JSON. */
  readonly digest: string;
}

export const assetKey = (kind: string, id: string): string => `asset/${kind}/${id}`;
export const indexPrefix = (kind: string, index: string, value: string): string => `index/${kind}/${index}/${encodeURIComponent(value)}/`;

const name = text({ title: 'Name', maxLength: 64 });
const frozen = object({ by: name, reason: text({ title: 'Reason', maxLength: 500 }), orderRef: text({ title: 'Order', maxLength: 200 }) });

function envelope<Data>(data: Schema<Data>) {
  return object({
    kind: name,
    id: name,
    state: name,
    version: integer({ title: 'Version', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    createdAt: instant('Created'),
    updatedAt: instant('Last written'),
    frozen: optional(frozen),
    data,
  });
}

export function parseRecord<Data>(kind: Kind<Data>, stored: string): AssetRecord<Data> {
  const {
    kind: kindName,
    id,
    state,
    version,
    createdAt,
    updatedAt,
    frozen,
    ...rest
  } = envelope(kind.data).parse(JSON.parse(stored), 'record');
  const record = { kind: kindName, id, state, version, createdAt, updatedAt, data: kind.data.parse(rest.data, 'record.data') };
  return frozen === undefined ? record : { ...record, frozen };
}

export async function findRecord<Data>(ledger: Ledger, kind: Kind<Data>, id: string): Promise<AssetRecord<Data> | undefined> {
  const stored = await ledger.get(assetKey(kind.name, id));
  return stored === undefined ? undefined : parseRecord(kind, stored);
}

export async function getRecord<Data>(ledger: Ledger, kind: Kind<Data>, id: string): Promise<AssetRecord<Data>> {
  const record = await findRecord(ledger, kind, id);
  if (!record) throw new ContractError('NOT_FOUND', `there is no ${kind.name} ${id}`, { path: 'id' });
  return record;
}

/** The record as time alone has left it. */
export const asOf = <Data>(kind: Kind<Data>, record: AssetRecord<Data>, now: string): AssetRecord<Data> => kind.lapsed?.(record, now) ?? record;

export function requireNotFrozen({ kind, id, frozen }: AssetRecord, path?: string): void {
  if (frozen) throw new ContractError('FROZEN', `${kind} ${id} is frozen by ${frozen.by}: ${frozen.reason}`, { path });
}

function indexKeys<Data>(kind: Kind<Data>, record: AssetRecord<Data>): string[] {
  return Object.entries({ state: record.state, ...kind.indexes?.(record) }).flatMap(([index, value]) =>
    value === undefined ? [] : [`${indexPrefix(kind.name, index, value)}${record.id}`],
  );
}

/** Writes a record and moves its index entries from where `former` had them. `from` is the state that it had for this write. */
export function saveRecord<Data>(
  ledger: Ledger,
  kind: Kind<Data>,
  record: AssetRecord<Data>,
  former: AssetRecord<Data> | undefined,
  { from, msp }: Pick<Change, 'from' | 'msp'>,
): Change {
  const stored = canonicalJson(record);
  ledger.put(assetKey(kind.name, record.id), stored);
  const before = new Set(former ? indexKeys(kind, former) : []);
  const after = new Set(indexKeys(kind, record));
  for (const key of before) if (!after.has(key)) ledger.delete(key);
  for (const key of after) if (!before.has(key)) ledger.put(key, '1');
  return {
    kind: kind.name,
    id: record.id,
    from,
    to: record.state,
    version: record.version,
    msp,
    digest: sha256Hex(stored),
  };
}
