import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LedgerChangedError, type BlockTransaction, type LedgerBlock, type LedgerBlocks } from '@guildhall/ledger-gateway';

/** One call of a contract, as a test wants it. */
export interface ScriptedTransaction {
  id?: string;
  contract?: string;
  function?: string;
  creator?: string;
  code?: number;
  at?: Date;
  event?: string;
  /** An undefined value deletes the key. */
  writes?: Record<string, string | undefined>;
}

/** Ledgers in memory, one for each uid of a channel. */
export interface ScriptedLedger {
  blocks: LedgerBlocks;
  /** Adds a block; the first one of a channel is its configuration. */
  add(uid: string, ...transactions: ScriptedTransaction[]): LedgerBlock;
  /** Forgets all blocks from this one on. */
  cut(uid: string, height: number): void;
  height(uid: string): number;
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const hashOf = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest());
export const idOf = (text: string): string => Buffer.from(hashOf(text)).toString('hex');

const transactionOf = (index: number, scripted: ScriptedTransaction): BlockTransaction => {
  const { id = '', contract = 'note', creator = 'CoreMSP', code = 0, at = new Date(), event, writes = {} } = scripted;
  return {
    index,
    transactionId: id,
    channel: 'goods',
    type: 'contract',
    timestamp: at,
    creator: { mspId: creator, certificate: '' },
    validationCode: code,
    actions: [
      {
        contract,
        args: [bytes(scripted.function ?? 'put')],
        response: { status: 200, message: '', payload: new Uint8Array() },
        event: event === undefined ? undefined : { contract, name: event, payload: bytes(`{"of":"${event}"}`) },
        readWriteSets: [
          {
            contract,
            reads: [],
            rangeQueries: [],
            writes: Object.entries(writes).map(([key, value]) => ({ key, isDelete: value === undefined, value: bytes(value ?? '') })),
            metadataWrites: [],
            collections: [],
          },
        ],
        endorsers: [{ mspId: creator, certificate: '' }],
      },
    ],
  };
};

const configuration: BlockTransaction = { index: 0, transactionId: '', channel: 'goods', type: 'configuration', timestamp: new Date(), creator: undefined, validationCode: 0, actions: [] };

/** @param beginning blocks that every ledger begins with, besides the first */
export function createScriptedLedger(beginning: readonly (readonly ScriptedTransaction[])[] = []): ScriptedLedger {
  const ledgers = new Map<string, LedgerBlock[]>();
  const listeners = new Set<() => void>();
  let made = 0;
  const of = (uid: string | undefined): LedgerBlock[] => {
    const known = ledgers.get(uid ?? '');
    if (known) return known;
    const ledger: LedgerBlock[] = [];
    ledgers.set(uid ?? '', ledger);
    if (beginning.length > 0) for (const transactions of [[], ...beginning]) append(uid ?? '', ledger, transactions);
    return ledger;
  };
  const append = (uid: string, ledger: LedgerBlock[], transactions: readonly ScriptedTransaction[]): LedgerBlock => {
    const number = ledger.length;
    const block: LedgerBlock = {
      number,
      hash: hashOf(`${uid} ${number} ${made++}`),
      previousHash: ledger.at(-1)?.hash ?? new Uint8Array(),
      dataHash: hashOf(String(number)),
      lastConfigBlock: 0,
      isConfiguration: number === 0,
      transactions: number === 0 ? [configuration] : transactions.map((each, index) => transactionOf(index, each)),
    };
    ledger.push(block);
    return block;
  };
  const tell = (): void => listeners.forEach((listener) => listener());
  return {
    add: (uid, ...transactions) => {
      const block = append(uid, of(uid), transactions);
      tell();
      return block;
    },
    cut: (uid, height) => {
      of(uid).splice(height);
      tell();
    },
    height: (uid) => of(uid).length,
    blocks: {
      height: ({ uid }) => Promise.resolve(of(uid).length),
      block: ({ uid }, number) => Promise.resolve(of(uid)[number]),
      blockOfTransaction: ({ uid }, id) => Promise.resolve(of(uid).find(({ transactions }) => transactions.some(({ transactionId }) => transactionId === id))),
      configuration: ({ uid }, number) =>
        Promise.resolve(of(uid)[number]?.isConfiguration === true ? { blockNumber: number, sequence: 0, changes: [], signers: [], words: ['It begins.'] } : undefined),
      configurations: ({ uid }, before) =>
        Promise.resolve(of(uid).length > 0 && before !== 0 ? [{ blockNumber: 0, sequence: 0, changes: [], signers: [], words: ['It begins.'] }] : []),
      settings: () =>
        Promise.resolve({
          sequence: 0,
          blockNumber: 0,
          batch: { timeoutMs: 50, maxMessageCount: 500, preferredMaxBytes: 1024, absoluteMaxBytes: 2048 },
          tickMs: 100,
          electionTicks: 10,
          capabilities: { channel: ['V3_0'], orderer: ['V2_0'], application: ['V2_5'] },
          policies: [{ group: 'Application', name: 'Endorsement', policy: 'MAJORITY Endorsement', words: 'more than half of the members' }],
        }),
      follow: async function* ({ uid }, after, signal) {
        let next = (after?.number ?? -1) + 1;
        let last = after?.hash;
        while (!signal.aborted) {
          const ledger = of(uid);
          const fits = next === 0 || Buffer.compare(ledger[next - 1]?.hash ?? new Uint8Array(), last ?? new Uint8Array()) === 0;
          if (!fits) throw new LedgerChangedError(`block ${next - 1} is another`);
          const block = ledger[next];
          if (block) {
            yield { block, live: true };
            last = block.hash;
            next++;
          } else await changeOrEnd(listeners, signal);
        }
      },
    },
  };
}

async function changeOrEnd(listeners: Set<() => void>, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const stop = (): void => over.abort();
  listeners.add(stop);
  try {
    await delay(60_000, undefined, { signal: AbortSignal.any([signal, over.signal]) }).catch(() => undefined);
  } finally {
    listeners.delete(stop);
  }
}
