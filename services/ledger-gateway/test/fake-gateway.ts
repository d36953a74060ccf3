import type { LedgerBlock, LedgerBlocks, LedgerGateway } from '../src/index.ts';

/** Answers with what a test puts in; tells what it was asked and which signal it was given. */
export interface FakeGateway extends LedgerGateway {
  readonly asked: { readonly call: string; readonly args: readonly unknown[]; readonly signal: AbortSignal | undefined }[];
  answers: Partial<Record<string, (signal: AbortSignal) => unknown>>;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
export const hashOf = (number: number): Uint8Array => new Uint8Array(32).fill(number);

/** A block with everything that a block can have, each form of a value among it. */
export const block = (number: number): LedgerBlock => ({
  number,
  hash: hashOf(number),
  previousHash: hashOf(number - 1),
  dataHash: bytes(0, 255, 10, 13),
  lastConfigBlock: 0,
  isConfiguration: false,
  transactions: [
    {
      index: 0,
      transactionId: 'tx-ü-\u0000',
      channel: 'trade',
      type: 'contract',
      timestamp: new Date('2026-01-02T03:04:05.678Z'),
      creator: { mspId: 'BankMSP', certificate: '' },
      validationCode: 0,
      actions: [
        {
          contract: 'receivable',
          args: [bytes(73), bytes()],
          response: { status: 200, message: '', payload: bytes(1, 2, 3) },
          event: { contract: 'receivable', name: 'Issued', payload: bytes(200) },
          readWriteSets: [
            {
              contract: 'receivable',
              reads: [
                { key: '\u0000composite\u0000', version: { block: 3, transaction: 0 } },
                { key: 'none', version: undefined },
              ],
              rangeQueries: [],
              writes: [{ key: 'k', isDelete: true, value: bytes() }],
              metadataWrites: [],
              collections: [],
            },
          ],
          endorsers: [{ mspId: 'BankMSP', certificate: 'pem' }],
        },
      ],
    },
    { index: 1, transactionId: '', channel: '', type: 'other', timestamp: undefined, creator: undefined, validationCode: 2, actions: [] },
  ],
});

export function createFakeGateway(): FakeGateway {
  const asked: FakeGateway['asked'] = [];
  const never = new AbortController().signal;
  const gatewayUntil = (signal: AbortSignal | undefined): LedgerGateway => {
    const ask = async <T>(call: string, ...args: unknown[]): Promise<T> => {
      asked.push({ call, args, signal });
      return (await fake.answers[call]?.(signal ?? never)) as T;
    };
    const blocks: LedgerBlocks = {
      height: (...args) => ask('height', ...args),
      block: (...args) => ask('block', ...args),
      blockOfTransaction: (...args) => ask('blockOfTransaction', ...args),
      configuration: (...args) => ask('configuration', ...args),
      configurations: (...args) => ask('configurations', ...args),
      settings: (...args) => ask('settings', ...args),
      async *follow(address, after, signal) {
        asked.push({ call: 'follow', args: [address, after], signal });
        for (let number = (after?.number ?? -1) + 1; !signal.aborted; number++) {
          const answer = await fake.answers['follow']?.(signal);
          if (answer === undefined) return;
          yield { block: block(number), live: number > 1 };
        }
      },
    };
    return {
      submitTransaction: (request) => ask('submitTransaction', request),
      evaluateTransaction: (request) => ask('evaluateTransaction', request),
      moveClock: (address) => ask('moveClock', address),
      blocks,
      withSignal: gatewayUntil,
      close: () => undefined,
    };
  };
  const fake: FakeGateway = { ...gatewayUntil(undefined), asked, answers: {} };
  return fake;
}
