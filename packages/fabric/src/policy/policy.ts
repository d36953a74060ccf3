import type { Identity } from '../identity/index.ts';

export const ROLES = ['member', 'admin', 'client', 'peer', 'orderer'] as const;
export type Role = (typeof ROLES)[number];

/** Whose signature counts: anyone of a member in a role, or one exact identity (BFT block validation). */
export type Principal =
  { readonly kind: 'role'; readonly mspId: string; readonly role: Role } | { readonly kind: 'identity'; readonly identity: Identity };

/** A rule over signatures. Each signature satisfies one leaf only, as in Fabric (common/cauthdsl). */
export type SignatureRule =
  | { readonly kind: 'signedBy'; readonly principal: Principal }
  | { readonly kind: 'outOf'; readonly n: number; readonly rules: readonly SignatureRule[] };

export interface SignaturePolicy {
  readonly kind: 'signature';
  readonly rule: SignatureRule;
}

export const META_RULES = ['ANY', 'ALL', 'MAJORITY'] as const;
export type MetaRule = (typeof META_RULES)[number];

/** A rule over the policies of the same name in the groups below (for Application: one per member). */
export interface ImplicitMetaPolicy {
  readonly kind: 'implicitMeta';
  readonly rule: MetaRule;
  readonly subPolicy: string;
}

export type Policy = SignaturePolicy | ImplicitMetaPolicy;

export const signedByRole = (mspId: string, role: Role): SignatureRule => ({ kind: 'signedBy', principal: { kind: 'role', mspId, role } });

export const outOf = (n: number, rules: readonly SignatureRule[]): SignatureRule => ({ kind: 'outOf', n, rules });

/** How many of `count` sub-policies an implicit meta policy needs (common/policies/implicitmeta.go); none exist: none needed. */
export function metaThreshold(rule: MetaRule, count: number): number {
  if (count === 0) return 0;
  if (rule === 'ANY') return 1;
  return rule === 'ALL' ? count : Math.floor(count / 2) + 1;
}

/** The signature rule that an implicit meta policy amounts to, given the sub-policy of each group below. */
export function resolveImplicitMeta(policy: ImplicitMetaPolicy, subRules: readonly SignatureRule[]): SignatureRule {
  return outOf(metaThreshold(policy.rule, subRules.length), subRules);
}
