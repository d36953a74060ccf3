import { isSatisfiableBy, parsePolicy, policyInWords, resolveImplicitMeta, signedByRole, type SignatureRule } from '@guildhall/fabric/policy';
import type { ContractDecisionRow } from '../database/schema.ts';

export interface ConsentParty {
  name: string;
  mspId: string;
  /** Its approval counts. */
  endorses: boolean;
  /** Undefined: it has not decided yet. */
  decision: Pick<ContractDecisionRow, 'state' | 'reason'> | undefined;
}

export type ConsentVerdict =
  | { kind: 'enough'; message: string }
  | { kind: 'wait'; message: string }
  /** Whoever has not decided yet could not bring it about any more. */
  | { kind: 'impossible'; message: string };

function ruleOf(policy: string, mspIds: readonly string[]): SignatureRule {
  const parsed = parsePolicy(policy);
  return parsed.kind === 'signature' ? parsed.rule : resolveImplicitMeta(parsed, mspIds.map((mspId) => signedByRole(mspId, 'peer')));
}

/** What the member wrote stands in quotation marks, so that it is told apart from what is said of it. */
const refusalOf = (name: string, reason: string | null): string =>
  reason === null ? `${name} rejected it without a reason` : `${name} rejected it: ${JSON.stringify(reason)}`;

const names = (parties: readonly ConsentParty[]): string => parties.map(({ name }) => name).join(', ');

/** Whether those who approved are enough for the channel's policy for changes of contracts (its lifecycle endorsement policy). */
export function judgeConsents(parties: readonly ConsentParty[], policy: string): ConsentVerdict {
  const counting = parties.filter(({ endorses }) => endorses);
  const rule = ruleOf(policy, counting.map(({ mspId }) => mspId));
  const suffices = (some: readonly ConsentParty[]): boolean => isSatisfiableBy(rule, some.map(({ mspId }) => mspId));
  const approved = counting.filter(({ decision }) => decision?.state === 'approved');
  const rejected = counting.filter(({ decision }) => decision?.state === 'rejected');
  const waiting = counting.filter(({ decision }) => decision === undefined);
  const refusals = rejected.map(({ name, decision }) => refusalOf(name, decision?.reason ?? null));
  const count = `${approved.length} of ${counting.length} members have approved${approved.length > 0 ? ` (${names(approved)})` : ''}`;
  const told = [count, ...refusals, ...(waiting.length > 0 ? [`waiting for ${names(waiting)}`] : [])].join('; ');
  const need = `it needs ${policyInWords(parsePolicy(policy))}`;
  if (suffices(approved)) return { kind: 'enough', message: told };
  if (suffices([...approved, ...waiting])) return { kind: 'wait', message: `${told}; ${need}` };
  return { kind: 'impossible', message: `${told}; ${need}, which cannot be had any more` };
}
