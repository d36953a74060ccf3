import type { Policy, Principal, SignatureRule } from './policy.ts';

/** The policy in Fabric's own language; `parsePolicy` reads it back. An exact identity has no form there and prints as 'MSP.identity'. */
export function printPolicy(policy: Policy): string {
  return policy.kind === 'implicitMeta' ? `${policy.rule} ${policy.subPolicy}` : printRule(policy.rule);
}

export function printRule(rule: SignatureRule): string {
  if (rule.kind === 'signedBy') return `'${principalName(rule.principal, '.')}'`;
  const inner = rule.rules.map(printRule).join(', ');
  if (rule.n === 1) return `OR(${inner})`;
  return rule.n === rule.rules.length ? `AND(${inner})` : `OutOf(${rule.n}, ${inner})`;
}

/** For people: "2 of: A peer, B peer, (any of: C admin, D admin)". */
export function policyInWords(policy: Policy): string {
  if (policy.kind === 'implicitMeta') {
    const amount = { ANY: 'any member', ALL: 'every member', MAJORITY: 'more than half of the members' }[policy.rule];
    return `${amount} (by its own "${policy.subPolicy}" policy)`;
  }
  return ruleInWords(policy.rule);
}

function ruleInWords(rule: SignatureRule): string {
  if (rule.kind === 'signedBy') return principalName(rule.principal, ' ');
  if (rule.n === 0) return 'nobody needs to sign';
  if (rule.n > rule.rules.length) return 'nobody can satisfy it';
  const [first] = rule.rules;
  if (rule.rules.length === 1 && first !== undefined) return ruleInWords(first);
  const inner = rule.rules
    .map((part) => (part.kind === 'outOf' && part.rules.length > 1 ? `(${ruleInWords(part)})` : ruleInWords(part)))
    .join(', ');
  if (rule.n === 1) return `any of: ${inner}`;
  return rule.n === rule.rules.length ? `all of: ${inner}` : `${rule.n} of: ${inner}`;
}

function principalName(principal: Principal, separator: string): string {
  return principal.kind === 'role' ? `${principal.mspId}${separator}${principal.role}` : `${principal.identity.mspId}${separator}identity`;
}
