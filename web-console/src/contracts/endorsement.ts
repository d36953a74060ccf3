import { majorityOf } from '../create-consortium/quorum.ts';

/** How many of which members endorse a transaction; own: a rule that has no such short form. */
export type Endorsement =
  | { kind: 'channel' }
  | { kind: 'rule'; rule: 'majority' | 'all' | 'any' }
  | { kind: 'count'; count: number; members: readonly string[] }
  | { kind: 'own'; text: string };

const principals = /^'([^']+)\.(?:peer|member)'$/;

function membersOf(list: string): string[] | undefined {
  const found = list.split(',').map((item) => principals.exec(item.trim())?.[1]);
  return found.every((mspId) => mspId !== undefined) ? found : undefined;
}

/** What an endorsement policy of Fabric asks for. */
export function readEndorsement(policy: string): Endorsement {
  const text = policy.trim();
  if (text === '') return { kind: 'channel' };
  const rule = /^(MAJORITY|ALL|ANY) Endorsement$/.exec(text)?.[1];
  if (rule !== undefined) return { kind: 'rule', rule: rule.toLowerCase() as 'majority' | 'all' | 'any' };
  const [, gate = '', count = '', list = ''] = /^(AND|OR|OutOf)\(\s*(?:(\d+)\s*,)?([^()]*)\)$/i.exec(text) ?? [];
  const members = list === '' ? undefined : membersOf(list);
  if (!members || (gate.toLowerCase() === 'outof') !== (count !== '')) return { kind: 'own', text };
  const needed = gate.toLowerCase() === 'and' ? members.length : gate.toLowerCase() === 'or' ? 1 : Number(count);
  return { kind: 'count', count: needed, members };
}

export const endorsementChoices = ['channel', 'majority', 'all', 'any', 'own'] as const;
export type EndorsementChoice = (typeof endorsementChoices)[number];

export const neededOf = (choice: 'majority' | 'all' | 'any', members: number): number => (choice === 'all' ? members : choice === 'any' ? Math.min(1, members) : majorityOf(members));

/** The policy of Fabric for a choice among a channel's members. */
export function policyOf(choice: EndorsementChoice, mspIds: readonly string[], own: string): string {
  if (choice === 'channel') return '';
  if (choice === 'own') return own.trim();
  return `OutOf(${neededOf(choice, mspIds.length)}, ${mspIds.map((mspId) => `'${mspId}.peer'`).join(', ')})`;
}
