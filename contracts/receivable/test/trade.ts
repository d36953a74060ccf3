import type { Caller, Contract } from '@guildhall/contract-base';
import { createTestChannel, type Endorsement, type TestChannel } from '@guildhall/contract-base/testing';
import assert from 'node:assert/strict';

/** Who takes part: a core enterprise that owes, two suppliers, a bank. */
export const members = { core: 'CoreMSP', supplier: 'SupplierMSP', carrier: 'CarrierMSP', bank: 'BankMSP' } as const;
export type Member = keyof typeof members;

const rolesOf: Record<Member, readonly string[]> = {
  core: ['debtor'],
  supplier: ['supplier'],
  carrier: ['supplier', 'debtor'],
  bank: ['funder'],
};

export const config = {
  parties: Object.entries(members).map(([name, mspId]) => ({ mspId, roles: rolesOf[name as Member] })),
  clock: { timekeepers: [members.core, members.supplier, members.bank], quorum: 2, skewSec: 300 },
  settings: { maxTermDays: 365, maxHops: 3, minimumPart: { minor: '1', ccy: 'CNY' } },
};

export const clientOf = (member: Member, roles: readonly string[] = rolesOf[member]): Caller => ({
  mspId: members[member],
  organizationalUnits: ['client'],
  roles,
});
const adminOf = (member: Member): Caller => clientOf(member, ['admin']);

export const now = '2026-03-01T09:00:00.000Z';
export const due = '2026-06-30';
export const cny = (minor: number | bigint | string) => ({ minor: String(minor), ccy: 'CNY' });
export const inAnHour = '2026-03-01T10:00:00.000Z';

export interface Trade {
  readonly channel: TestChannel;
  /** Calls with a fresh request id unless one is given. */
  call(member: Member, operation: string, args?: object): Promise<Endorsement>;
  /** Calls and expects success. */
  must(member: Member, operation: string, args?: object): Promise<Endorsement>;
  /** Calls, expects this refusal, and that nothing was written. */
  refused(code: string, member: Member, operation: string, args?: object): Promise<string>;
  /** Issues and confirms a note that the supplier holds. */
  held(id: string, minor?: number | bigint): Promise<void>;
  upgrade(to: Contract): void;
}

/** A channel on which everybody has accepted the configuration. */
export async function openTrade(first: Contract): Promise<Trade> {
  const channel = createTestChannel(now);
  let contract = first;
  let requests = 0;
  const admin = async (member: Member, operation: string, args: object): Promise<Endorsement> => {
    requests += 1;
    const answer = await channel.call(contract, adminOf(member), operation, { requestId: `r${requests}`, ...args });
    assert.ok(answer.ok, answer.refusal?.message);
    return answer;
  };
  const { payload } = await admin('core', 'Init', { config });
  for (const member of Object.keys(members) as Member[]) await admin(member, 'AcceptConfig', { hash: payload?.['hash'] });

  const trade: Trade = {
    channel,
    async call(member, operation, args = {}) {
      requests += 1;
      const read = ['Get', 'List', 'History', 'Lineage', 'Holdings', 'Config', 'Meta'].includes(operation);
      return channel.call(contract, clientOf(member), operation, read ? args : { requestId: `r${requests}`, ...args });
    },
    async must(member, operation, args) {
      const answer = await trade.call(member, operation, args);
      assert.ok(answer.ok, `${operation}: ${answer.refusal?.message}`);
      return answer;
    },
    async refused(code, member, operation, args) {
      const { refusal, writes } = await trade.call(member, operation, args);
      assert.equal(refusal?.code, code, refusal?.message ?? `${operation} was not refused`);
      assert.deepEqual(writes, []);
      assert.notEqual(refusal.nextAction, '');
      return refusal.message;
    },
    async held(id, minor = 10_000_000) {
      await trade.must('core', 'Issue', { ...issueArgs(id), face: cny(minor) });
      await trade.must('supplier', 'Confirm', { id });
    },
    upgrade(to) {
      contract = to;
    },
  };
  return trade;
}

let documents = 0;
export function issueArgs(id: string) {
  documents += 1;
  const docs = [{ alg: 'SHA-256', digest: documents.toString(16).padStart(64, '0') }];
  return { id, debtor: members.core, creditor: members.supplier, face: cny(10_000_000), due, docs };
}

export interface StoredNote {
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly updatedAt: string;
  readonly data: {
    readonly root: string;
    readonly parent?: string;
    readonly debtor: string;
    readonly holder: string;
    readonly offer?: { readonly to: string };
    readonly hops: number;
    readonly face: { readonly minor: string; readonly ccy: string };
  };
}

export const notesOf = (channel: TestChannel): StoredNote[] =>
  [...channel.state].filter(([key]) => key.startsWith('asset/note/')).map(([, value]) => JSON.parse(value) as StoredNote);
