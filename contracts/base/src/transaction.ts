import { ContractError } from './errors.ts';
import type { Ledger } from './ledger.ts';
import { asOf, assetKey, findRecord, getRecord, requireNotFrozen, saveRecord, type AssetRecord, type Change, type Kind } from './record.ts';

/** What an effect may do to the ledger, all or nothing with its call. It sees records as time has left them. */
export interface Transaction {
  get<Data>(kind: Kind<Data>, id: string): Promise<AssetRecord<Data>>;
  find<Data>(kind: Kind<Data>, id: string): Promise<AssetRecord<Data> | undefined>;
  create<Data>(kind: Kind<Data>, id: string, state: string, data: Data, path?: string): Promise<AssetRecord<Data>>;
  update<Data>(
    kind: Kind<Data>,
    record: AssetRecord<Data>,
    next: { readonly state?: string; readonly data?: Data },
  ): Promise<AssetRecord<Data>>;
  /** Takes a value that only one may hold at a time (a document, a payment reference). Uniqueness stands on the key, which the peer checks again at commit. */
  claim(name: string, value: string, owner: string, path: string): Promise<void>;
  release(name: string, value: string): void;
}

export interface OpenTransaction extends Transaction {
  readonly changes: readonly Change[];
  /** The record as it was written last. */
  stored<Data>(kind: Kind<Data>, id: string): Promise<AssetRecord<Data>>;
  /** Writes a record whose other fields than state and data changed (freeze). */
  replace<Data>(kind: Kind<Data>, record: AssetRecord<Data>): Promise<AssetRecord<Data>>;
}

const claimKey = (name: string, value: string): string => `claim/${name}/${value}`;

export function createTransaction(ledger: Ledger, now: string, msp: string): OpenTransaction {
  const changes: Change[] = [];

  function requireState(kind: Kind, state: string): void {
    if (!Object.hasOwn(kind.states, state)) throw new ContractError('INTERNAL', `${kind.name} has no state ${state}`);
  }

  async function write<Data>(kind: Kind<Data>, record: AssetRecord<Data>, from: string): Promise<AssetRecord<Data>> {
    const stored = await getRecord(ledger, kind, record.id);
    // Clients' clocks differ a little: a record's time stands still rather than going back.
    const updatedAt = stored.updatedAt > now ? stored.updatedAt : now;
    const next = { ...record, version: stored.version + 1, updatedAt };
    changes.push(saveRecord(ledger, kind, next, stored, { from, msp }));
    return next;
  }

  return {
    changes,
    stored: async (kind, id) => getRecord(ledger, kind, id),
    replace: async (kind, record) => write(kind, record, record.state),
    get: async (kind, id) => asOf(kind, await getRecord(ledger, kind, id), now),
    async find(kind, id) {
      const stored = await findRecord(ledger, kind, id);
      return stored && asOf(kind, stored, now);
    },
    async create(kind, id, state, data, path = 'id') {
      requireState(kind, state);
      // Read ahead, then decide without waiting: of two creations side by side the second sees the first.
      await ledger.prefetch([assetKey(kind.name, id)]);
      if (ledger.known(assetKey(kind.name, id)) !== undefined)
        throw new ContractError('DUPLICATE', `${kind.name} ${id} exists already`, { path });
      const record = { kind: kind.name, id, state, version: 1, createdAt: now, updatedAt: now, data };
      changes.push(saveRecord(ledger, kind, record, undefined, { from: null, msp }));
      return record;
    },
    async update(kind, record, next) {
      const state = next.state ?? record.state;
      requireState(kind, state);
      requireNotFrozen(record);
      if (kind.states[record.state]?.final)
        throw new ContractError('INTERNAL', `${kind.name} ${record.id} is ${record.state}, which is final, and was to become ${state}`);
      return write(kind, { ...record, state, data: next.data ?? record.data }, record.state);
    },
    async claim(name, value, owner, path) {
      await ledger.prefetch([claimKey(name, value)]);
      const holder = ledger.known(claimKey(name, value));
      if (holder !== undefined) throw new ContractError('DUPLICATE', `${name} ${value} already belongs to ${holder}`, { path });
      ledger.put(claimKey(name, value), owner);
    },
    release: (name, value) => ledger.delete(claimKey(name, value)),
  };
}
