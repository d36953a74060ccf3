import { PolicyError } from '../errors.ts';
import { printRule } from './print.ts';
import type { Role, SignatureRule } from './policy.ts';

/** More alternatives than this are not kept per rule; what is kept are the smallest. */
const MAX_ALTERNATIVES = 128;

/** Roles that a node of the given role can sign for: a peer is a peer and a member. */
const signsFor = (role: Role, needed: Role): boolean => needed === role || needed === 'member';

/**
 * The smallest sets of members whose signatures satisfy the rule, smallest first. A set is a sorted list of MSP ids; an
 * MSP id that stands there twice must sign with two nodes. `available` limits who can sign: a list of MSP ids in order of
 * preference (among sets of one size the preferred come first), one entry per node; without it every member has as many
 * nodes as needed. `role` is what the signers are, peers unless said otherwise.
 */
export function minimalMemberSets(
  rule: SignatureRule,
  options: { available?: readonly string[]; role?: Role } = {},
): readonly (readonly string[])[] {
  const { available, role = 'peer' } = options;
  const rank = new Map<string, number>();
  const nodes = new Map<string, number>();
  for (const mspId of available ?? []) {
    if (!rank.has(mspId)) rank.set(mspId, rank.size);
    nodes.set(mspId, (nodes.get(mspId) ?? 0) + 1);
  }
  const compare = byRank(rank);
  const possible = (set: readonly string[]): boolean =>
    available === undefined || [...countOf(set)].every(([mspId, count]) => count <= (nodes.get(mspId) ?? 0));
  const keep = (sets: string[][]): string[][] =>
    withoutSupersets(unique(sets.filter(possible)).sort(bySizeThen(compare))).slice(0, MAX_ALTERNATIVES);

  const alternatives = (rule: SignatureRule): string[][] => {
    if (rule.kind === 'signedBy') {
      return rule.principal.kind === 'role' && signsFor(role, rule.principal.role) ? keep([[rule.principal.mspId]]) : [];
    }
    // satisfied[k]: the ways in which k of the rules seen so far are satisfied.
    const satisfied: string[][][] = [[[]], ...Array.from({ length: rule.n }, () => [])];
    for (const part of rule.rules) {
      const ways = alternatives(part);
      for (let k = rule.n; k > 0; k--) {
        const joined = (satisfied[k - 1] ?? []).flatMap((set) => ways.map((way) => [...set, ...way].sort(compare)));
        satisfied[k] = keep([...(satisfied[k] ?? []), ...joined]);
      }
    }
    return satisfied[rule.n] ?? [];
  };
  return alternatives(rule).filter((set) => isAccepted(rule, set, role));
}

/**
 * Whether Fabric takes exactly these signatures, one entry per node (common/cauthdsl): it gives each leaf the first signature that fits and is
 * left, and a gate that is satisfied keeps all that its parts took, needed or not. So AND(OR(A, B), A) refuses one signature each of A and B,
 * which the OR takes both.
 */
function isAccepted(rule: SignatureRule, signers: readonly string[], role: Role): boolean {
  /** The signatures that are left; undefined: the rule is not satisfied. */
  const evaluate = (rule: SignatureRule, left: readonly string[]): readonly string[] | undefined => {
    if (rule.kind === 'signedBy') {
      const { principal } = rule;
      const at = principal.kind === 'role' && signsFor(role, principal.role) ? left.indexOf(principal.mspId) : -1;
      return at < 0 ? undefined : left.toSpliced(at, 1);
    }
    let satisfied = 0;
    for (const part of rule.rules) {
      const after = evaluate(part, left);
      if (after === undefined) continue;
      satisfied++;
      left = after;
    }
    return satisfied >= rule.n ? left : undefined;
  };
  return evaluate(rule, signers) !== undefined;
}

/** Whether nodes of these members (one entry per node) can satisfy the rule. */
export function isSatisfiableBy(rule: SignatureRule, available: readonly string[], role: Role = 'peer'): boolean {
  // Searching for a set takes long when members are named many times; these two nearly always tell at once.
  if (isAccepted(rule, available, role)) return true;
  if (leastSignatures(rule, new Set(available), role) > available.length) return false;
  return bestSet(rule, available, role) !== undefined;
}

/** How many signatures the rule takes at the least, one for each leaf; infinitely many when those who are there cannot satisfy it. */
function leastSignatures(rule: SignatureRule, available: ReadonlySet<string>, role: Role): number {
  if (rule.kind === 'signedBy') {
    const { principal } = rule;
    return principal.kind === 'role' && signsFor(role, principal.role) && available.has(principal.mspId) ? 1 : Infinity;
  }
  const parts = rule.rules.map((part) => leastSignatures(part, available, role)).sort((a, b) => a - b);
  return rule.n > parts.length ? Infinity : parts.slice(0, rule.n).reduce((sum, count) => sum + count, 0);
}

/** The members to ask for endorsement: the smallest set, the preferred (earlier) members first. */
export function chooseMembers(rule: SignatureRule, available: readonly string[], role: Role = 'peer'): readonly string[] {
  const set = bestSet(rule, available, role);
  if (set === undefined) {
    const who = available.length === 0 ? 'Nobody' : `No set of ${[...new Set(available)].join(', ')}`;
    throw new PolicyError('UNSATISFIABLE_POLICY', `${who} can satisfy ${printRule(rule)} with one ${role} each time.`);
  }
  return set;
}

/** Where no member is named twice, its parts do not compete for signatures and each part's best is best; that is quick for any number of members. */
function bestSet(rule: SignatureRule, available: readonly string[], role: Role): readonly string[] | undefined {
  const named = mspIdsOf(rule);
  if (new Set(named).size < named.length) return minimalMemberSets(rule, { available, role })[0];
  const compare = byRank(new Map([...new Set(available)].map((mspId, index) => [mspId, index])));
  const best = (rule: SignatureRule): readonly string[] | undefined => {
    if (rule.kind === 'signedBy') {
      const { principal } = rule;
      return principal.kind === 'role' && signsFor(role, principal.role) && available.includes(principal.mspId)
        ? [principal.mspId]
        : undefined;
    }
    const parts = rule.rules
      .map(best)
      .filter((set) => set !== undefined)
      .sort(bySizeThen(compare));
    return parts.length < rule.n ? undefined : parts.slice(0, rule.n).flat().sort(compare);
  };
  return best(rule);
}

function mspIdsOf(rule: SignatureRule): readonly string[] {
  if (rule.kind === 'outOf') return rule.rules.flatMap(mspIdsOf);
  return rule.principal.kind === 'role' ? [rule.principal.mspId] : [];
}

type Compare = (a: string, b: string) => number;

function byRank(rank: ReadonlyMap<string, number>): Compare {
  const last = rank.size;
  return (a, b) => (rank.get(a) ?? last) - (rank.get(b) ?? last) || (a < b ? -1 : Number(a > b));
}

function bySizeThen(compare: Compare): (a: readonly string[], b: readonly string[]) => number {
  return (a, b) => {
    if (a.length !== b.length) return a.length - b.length;
    const at = a.findIndex((mspId, index) => mspId !== b[index]);
    return at < 0 ? 0 : compare(a[at] ?? '', b[at] ?? '');
  };
}

function countOf(set: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const mspId of set) counts.set(mspId, (counts.get(mspId) ?? 0) + 1);
  return counts;
}

const unique = (sets: readonly string[][]): string[][] => [...new Map(sets.map((set) => [set.join('\0'), set])).values()];

/** Expects the smallest first, and none twice: then only a set that is larger can hold another. */
function withoutSupersets(sets: readonly string[][]): string[][] {
  const kept: { set: string[]; counts: Map<string, number> }[] = [];
  for (const set of sets) {
    if (kept.length >= MAX_ALTERNATIVES) break;
    const counts = countOf(set);
    const redundant = kept.some(
      (other) => other.set.length < set.length && [...other.counts].every(([mspId, count]) => (counts.get(mspId) ?? 0) >= count),
    );
    if (!redundant) kept.push({ set, counts });
  }
  return kept.map(({ set }) => set);
}
