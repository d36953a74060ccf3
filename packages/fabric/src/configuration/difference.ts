import type { common } from '@hyperledger/fabric-protos';
import { decodePolicy, policyInWords } from '../policy/index.ts';
import { required, sameBytes } from '../protobuf.ts';
import { entriesOf, samePolicy } from './update.ts';
import { decodeValue, isConfigKey } from './values.ts';
import { type Plain, inWords, toPlain } from './words.ts';

/** One difference between two configurations. */
export interface ConfigChange {
  /** Where: "/Channel/Orderer/BatchTimeout". */
  readonly path: string;
  readonly element: 'group' | 'value' | 'policy' | 'modPolicy';
  readonly kind: 'added' | 'removed' | 'changed';
  /** For people; one sentence without a full stop. */
  readonly words: string;
  /** The policy whose signatures Fabric asks for, by its path ("/Channel/Orderer/Admins"). */
  readonly governedBy: string;
}

/** All differences in the order of their paths; empty when the two mean the same. */
export function describeChanges(before: common.Config, after: common.Config): readonly ConfigChange[] {
  const changes = groupChanges(
    '/Channel',
    required(before.getChannelGroup(), 'channel group'),
    required(after.getChannelGroup(), 'channel group'),
  );
  return changes.sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}

/** A mod_policy is a path of its own or a policy of the group that the element is in (for a group: of itself). */
const governing = (modPolicy: string, groupPath: string): string => (modPolicy.startsWith('/') ? modPolicy : `${groupPath}/${modPolicy}`);

function groupChanges(path: string, before: common.ConfigGroup, after: common.ConfigGroup): ConfigChange[] {
  const ownPolicy = governing(before.getModPolicy(), path);
  const changes: ConfigChange[] = [];
  if (before.getModPolicy() !== after.getModPolicy()) {
    changes.push({
      path,
      element: 'modPolicy',
      kind: 'changed',
      words: `who may change ${path}: ${before.getModPolicy()} → ${after.getModPolicy()}`,
      governedBy: ownPolicy,
    });
  }
  changes.push(...leafChanges(path, ownPolicy, 'value', entriesOf(before.getValuesMap()), entriesOf(after.getValuesMap()), valueInWords));
  changes.push(
    ...leafChanges(path, ownPolicy, 'policy', entriesOf(before.getPoliciesMap()), entriesOf(after.getPoliciesMap()), changedPolicyInWords),
  );
  const [from, to] = [entriesOf(before.getGroupsMap()), entriesOf(after.getGroupsMap())];
  for (const name of new Set([...from.keys(), ...to.keys()])) {
    const [group, next] = [from.get(name), to.get(name)];
    const childPath = `${path}/${name}`;
    if (group !== undefined && next !== undefined) changes.push(...groupChanges(childPath, group, next));
    else if (next === undefined)
      changes.push({ path: childPath, element: 'group', kind: 'removed', words: `${name} leaves ${path}`, governedBy: ownPolicy });
    else
      changes.push({
        path: childPath,
        element: 'group',
        kind: 'added',
        words: `${name} joins ${path} with ${groupInWords(next)}`,
        governedBy: ownPolicy,
      });
  }
  return changes;
}

interface Leaf {
  getModPolicy(): string;
}

function leafChanges<T extends Leaf>(
  path: string,
  groupPolicy: string,
  element: 'value' | 'policy',
  from: ReadonlyMap<string, T>,
  to: ReadonlyMap<string, T>,
  words: (name: string, before: T | undefined, after: T | undefined) => string | undefined,
): ConfigChange[] {
  return [...new Set([...from.keys(), ...to.keys()])].flatMap((name): ConfigChange[] => {
    const [before, after] = [from.get(name), to.get(name)];
    const place = {
      path: `${path}/${name}`,
      governedBy: before === undefined || after === undefined ? groupPolicy : governing(before.getModPolicy(), path),
    };
    const changes: ConfigChange[] = [];
    if (before !== undefined && after !== undefined && before.getModPolicy() !== after.getModPolicy()) {
      changes.push({
        ...place,
        element: 'modPolicy',
        kind: 'changed',
        words: `who may change ${place.path}: ${before.getModPolicy()} → ${after.getModPolicy()}`,
      });
    }
    const difference = words(name, before, after);
    const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
    if (difference !== undefined)
      changes.push({ ...place, element, kind, words: `${path.slice('/Channel'.length + 1) || 'Channel'}: ${difference}` });
    return changes;
  });
}

function valueInWords(name: string, before: common.ConfigValue | undefined, after: common.ConfigValue | undefined): string | undefined {
  if (before !== undefined && after !== undefined && sameBytes(before.getValue_asU8(), after.getValue_asU8())) return undefined;
  const plain = (value: common.ConfigValue | undefined): Plain | undefined => {
    if (value === undefined) return undefined;
    const bytes = value.getValue_asU8();
    return toPlain(isConfigKey(name) ? decodeValue(name, bytes) : Buffer.from(bytes).toString('hex'));
  };
  return inWords(name, plain(before), plain(after));
}

function changedPolicyInWords(
  name: string,
  before: common.ConfigPolicy | undefined,
  after: common.ConfigPolicy | undefined,
): string | undefined {
  if (before !== undefined && after !== undefined && samePolicy(before, after)) return undefined;
  const words = (policy: common.ConfigPolicy | undefined): string =>
    policy === undefined ? 'none' : policyInWords(decodePolicy(required(policy.getPolicy(), 'policy')));
  return `policy ${name}: ${words(before)} → ${words(after)}`;
}

/** What a new group brings, so that a member sees who joins and under which MSP. */
function groupInWords(group: common.ConfigGroup): string {
  const values = [...entriesOf(group.getValuesMap())].map(([name, value]) => valueInWords(name, undefined, value) ?? name);
  const policies = [...entriesOf(group.getPoliciesMap())].map(([name, policy]) => changedPolicyInWords(name, undefined, policy) ?? name);
  return [...values, ...policies].join('; ');
}
