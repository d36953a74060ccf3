// The policy language without its wire format: what the control plane needs to refuse a policy at the edge.
export {
  type ImplicitMetaPolicy,
  type MetaRule,
  type Policy,
  type Principal,
  type Role,
  type SignaturePolicy,
  type SignatureRule,
  metaThreshold,
  outOf,
  resolveImplicitMeta,
  signedByRole,
} from './policy.ts';
export { parsePolicy, parseSignatureRule } from './parse.ts';
export { policyInWords, printPolicy, printRule } from './print.ts';
export { chooseMembers, isSatisfiableBy, minimalMemberSets } from './members.ts';
