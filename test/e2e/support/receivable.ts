import { createHash } from 'node:crypto';
import type { Api } from './api.ts';

export interface Call {
  consortium: string;
  member: string;
  /** Left out: the receivable. */
  contract?: string;
  function: string;
  args?: Record<string, unknown>;
  role?: string;
  requestId?: string;
}

export interface Submitted {
  transactionId: string;
  blockNumber: number;
  validationCode: string;
  endorsers: string[];
  result: string;
}

const inputOf = ({ args, ...call }: Call): Record<string, unknown> => ({ channel: 'trade', contract: 'receivable', ...call, ...(args === undefined ? {} : { args: [JSON.stringify(args)] }) });

export async function submit(api: Api, call: Call): Promise<Submitted> {
  const query = 'mutation($input: SubmitTransactionInput!) { submitTransaction(input: $input) { transactionId blockNumber validationCode endorsers result } }';
  return (await api.request<{ submitTransaction: Submitted }>(query, { input: inputOf(call) })).submitTransaction;
}

export async function evaluate<Answer>(api: Api, call: Call): Promise<Answer> {
  const query = 'query($input: EvaluateTransactionInput!) { evaluateTransaction(input: $input) }';
  return JSON.parse((await api.request<{ evaluateTransaction: string }>(query, { input: inputOf(call) })).evaluateTransaction) as Answer;
}

export interface NoteView {
  id: string;
  state: string;
  version: number;
  data: { root: string; debtor: string; holder: string; due: string; face: { minor: string; ccy: string } };
}

export const note = (api: Api, consortium: string, id: string): Promise<NoteView> => evaluate(api, { consortium, member: 'core', function: 'Get', args: { id } });

/** A configuration becomes what holds: proposed by core, accepted by both members of smallConsortium. */
async function agree(api: Api, of: Pick<Call, 'consortium' | 'contract'>, config: Record<string, unknown>): Promise<void> {
  const { result } = await submit(api, { ...of, member: 'core', role: 'admin', function: 'Init', args: { requestId: 'init', config } });
  const { hash } = JSON.parse(result) as { hash: string };
  for (const member of ['core', 'supplier']) await submit(api, { ...of, member, role: 'admin', function: 'AcceptConfig', args: { requestId: `accept-${member}`, hash } });
}

/** Each member keeps the clock and either alone moves it. */
const clock = { timekeepers: ['CoreMSP', 'SupplierMSP'], quorum: 1, skewSec: 300 };

/** The terms of the receivable at smallConsortium. */
export const agreeOnTerms = (api: Api, consortium: string): Promise<void> =>
  agree(api, { consortium }, {
    parties: [
      { mspId: 'CoreMSP', roles: ['admin', 'debtor'] },
      { mspId: 'SupplierMSP', roles: ['admin', 'supplier'] },
    ],
    clock,
    settings: { maxTermDays: 365, maxHops: 10, minimumPart: { minor: '1', ccy: 'CNY' } },
  });

/** The terms of the register of docs/contracts.md: both members register. */
export const agreeToRegister = (api: Api, of: Pick<Call, 'consortium' | 'contract'>): Promise<void> =>
  agree(api, of, { parties: ['CoreMSP', 'SupplierMSP'].map((mspId) => ({ mspId, roles: ['admin', 'registrar'] })), clock, settings: {} });

/** Core owes supplier 1,000.00. */
export const issue = (api: Api, consortium: string, id: string): Promise<Submitted> =>
  submit(api, {
    consortium,
    member: 'core',
    role: 'debtor',
    function: 'Issue',
    args: {
      requestId: `issue-${id}`,
      id,
      debtor: 'CoreMSP',
      creditor: 'SupplierMSP',
      face: { minor: '100000', ccy: 'CNY' },
      due: new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10),
      docs: [{ alg: 'SHA-256', digest: createHash('sha256').update(`invoice ${id}`).digest('hex') }],
    },
  });
