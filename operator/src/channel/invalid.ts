import { parsePolicy, isSatisfiableBy, PolicyError } from '@guildhall/fabric';
import { partiesOfChannel, type Channel, type Consortium, type Member } from '@guildhall/resources';
import { stalled, type Outcome } from '../outcome.ts';

/** What no waiting can mend. Rules that the schema has too are checked again: a cluster may have let the object in before they were there. */
export function invalidChannel(channel: Channel, consortium: Consortium, members: ReadonlyMap<string, Member>): Outcome | undefined {
  const problem = strangers(channel, consortium) ?? wrongOrderers(channel, members) ?? wrongPolicies(channel, consortium, members);
  return problem === undefined ? undefined : stalled('InvalidSpec', problem);
}

function strangers({ spec }: Channel, consortium: Consortium): string | undefined {
  const known = new Set(consortium.spec.members.map(({ name }) => name));
  const stranger = partiesOfChannel(spec).find((name) => !known.has(name));
  return stranger && `${stranger} is not a member of consortium ${consortium.metadata.name}.`;
}

function wrongOrderers({ spec }: Channel, members: ReadonlyMap<string, Member>): string | undefined {
  for (const { member, node } of spec.orderers) {
    const roles = members.get(member)?.spec.roles;
    if (roles !== undefined && !roles.includes('ordering')) return `Member ${member} orders with ${node} but does not have the role "ordering".`;
  }
  return undefined;
}

function wrongPolicies({ spec }: Channel, consortium: Consortium, members: ReadonlyMap<string, Member>): string | undefined {
  const mspIds = endorsingMspIds(spec, consortium, members);
  for (const [field, text] of Object.entries(spec.policies)) {
    const problem = policyProblem(text, mspIds);
    if (problem !== undefined) return `policies.${field}: ${problem}`;
  }
  return undefined;
}

/** Members whose own object is not there yet count as endorsing: what they say later is checked later. */
export function endorsingMspIds({ members: named }: Pick<Channel['spec'], 'members'>, consortium: Consortium, members: ReadonlyMap<string, Member>): string[] {
  return named.flatMap(({ name }) => {
    const roles = members.get(name)?.spec.roles ?? ['endorsing'];
    const entry = consortium.spec.members.find((candidate) => candidate.name === name);
    return entry !== undefined && roles.includes('endorsing') ? [entry.mspId] : [];
  });
}

/** More peers of one member than any rule may ask for. */
const plenty = 10;

/** Why a policy for endorsements is none, or one that nobody can satisfy. */
export function policyProblem(text: string, mspIds: readonly string[]): string | undefined {
  try {
    const policy = parsePolicy(text);
    if (policy.kind === 'implicitMeta') return policy.subPolicy === 'Endorsement' ? undefined : `"${policy.subPolicy}" is not a policy that peers can satisfy; use Endorsement.`;
    const all = mspIds.flatMap((mspId) => Array.from({ length: plenty }, () => mspId));
    return isSatisfiableBy(policy.rule, all) ? undefined : `no set of the channel's endorsing members (${mspIds.join(', ')}) satisfies ${text}.`;
  } catch (error) {
    if (error instanceof PolicyError) return error.message;
    throw error;
  }
}
