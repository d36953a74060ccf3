import { isSatisfiableBy, parsePolicy, resolveImplicitMeta, signedByRole, type Policy, type SignatureRule } from '@guildhall/fabric/policy';
import type { Problem } from '../errors.ts';

function ruleOf(policy: Policy, mspIds: readonly string[]): SignatureRule {
  return policy.kind === 'implicitMeta' ? resolveImplicitMeta(policy, mspIds.map((id) => signedByRole(id, 'peer'))) : policy.rule;
}

/** What is wrong with an endorsement policy for a channel of these members; the peers of its members must be able to satisfy it. */
export function policyProblems(text: string, mspIds: readonly string[], path: string): Problem[] {
  let policy: Policy;
  try {
    policy = parsePolicy(text);
  } catch (error) {
    return [
      {
        code: 'INVALID_INPUT',
        path,
        message: `${path}: ${error instanceof Error ? error.message : String(error)}`,
        nextAction: "write it as MAJORITY Endorsement, or as in AND('AcmeMSP.peer', OR('BankMSP.peer', 'SupplierMSP.peer'))",
      },
    ];
  }
  if (isSatisfiableBy(ruleOf(policy, mspIds), [...mspIds])) return [];
  return [
    {
      code: 'INVALID_INPUT',
      path,
      message: `${path}: no set of the channel's members (${mspIds.join(', ')}) can satisfy "${text}"`,
      nextAction: "name members of the channel, with the role peer, and no more of them than there are",
    },
  ];
}
