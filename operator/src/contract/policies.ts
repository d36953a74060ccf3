import { encodeSignaturePolicy, parsePolicy, printRule, resolveImplicitMeta, signedByRole, type EndorsementPolicy, type SignatureRule } from '@guildhall/fabric';

/** As a Contract's spec spells it: empty for the channel's own policy. */
export const policyText = (policy: EndorsementPolicy): string => (policy.kind === 'signature' ? printRule(policy.rule) : '');

export function samePolicy(one: EndorsementPolicy, other: EndorsementPolicy): boolean {
  if (one.kind === 'reference' || other.kind === 'reference') return one.kind === 'reference' && other.kind === 'reference' && one.path === other.path;
  return Buffer.compare(encodeSignaturePolicy(one.rule).serializeBinary(), encodeSignaturePolicy(other.rule).serializeBinary()) === 0;
}

/** A rule of the channel over the members that endorse. */
export function endorsementRule(text: string, mspIds: readonly string[]): SignatureRule {
  const policy = parsePolicy(text);
  return policy.kind === 'signature' ? policy.rule : resolveImplicitMeta(policy, mspIds.map((mspId) => signedByRole(mspId, 'peer')));
}
