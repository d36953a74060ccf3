import { isSatisfiableBy, parsePolicy, type Policy } from '@guildhall/fabric/policy';
import type { Problem } from '../errors.ts';

/** The one policy of its members that a channel's own may refer to: whose sub-policies peers satisfy. */
const endorsement = 'Endorsement';

const examples = "write it as MAJORITY Endorsement, or as in AND('AcmeMSP.peer', OR('BankMSP.peer', 'SupplierMSP.peer'))";

const problem = (path: string, message: string, nextAction: string): Problem => ({ code: 'INVALID_INPUT', path, message: `${path}: ${message}`, nextAction });

/** A channel's policy. @param peers the MSP id of each peer in the channel, so that a member with two peers is there twice */
export function channelPolicyProblems(text: string, peers: readonly string[], path: string): Problem[] {
  return problemsOf(text, peers, path, (policy) =>
    policy.kind === 'implicitMeta' && policy.subPolicy !== endorsement
      ? problem(path, `"${policy.subPolicy}" is not a policy that peers can satisfy`, `use ${endorsement}: ${examples}`)
      : undefined,
  );
}

/** A contract's own policy: Fabric has it name members; "more than half of them" is what the channel's policy is for. */
export function contractPolicyProblems(text: string, peers: readonly string[], path: string): Problem[] {
  return problemsOf(text, peers, path, (policy) =>
    policy.kind === 'implicitMeta'
      ? problem(path, `a contract's own policy names members, as "${text}" does not`, "leave it out to use the channel's policy, or name members as in OutOf(2, 'AcmeMSP.peer', 'BankMSP.peer', 'SupplierMSP.peer')")
      : undefined,
  );
}

function problemsOf(text: string, peers: readonly string[], path: string, misplaced: (policy: Policy) => Problem | undefined): Problem[] {
  let policy: Policy;
  try {
    policy = parsePolicy(text);
  } catch (error) {
    return [problem(path, error instanceof Error ? error.message : String(error), examples)];
  }
  const wrong = misplaced(policy);
  if (wrong) return [wrong];
  // ALL, ANY and MAJORITY of the members can always be had: each of them has a peer in the channel.
  if (policy.kind === 'implicitMeta' || isSatisfiableBy(policy.rule, [...peers])) return [];
  return [problem(path, `no set of the channel's peers (of ${[...new Set(peers)].join(', ')}) can satisfy "${text}"`, 'name members of the channel, with the role peer, and no more of them than there are peers')];
}
