import { common } from '@hyperledger/fabric-protos';
import { ConfigError } from '../errors.ts';
import { sameBytes } from '../protobuf.ts';

/**
 * The update that leads from one configuration to another, computed as Fabric's own configtxlator does
 * (internal/configtxlator/update): what is unchanged appears by version only, what changed with the next version and its
 * full content. Returns ConfigUpdate bytes: what members sign. Throws NO_DIFFERENCE when there is nothing to do.
 */
export function computeConfigUpdate(channel: string, original: common.Config, updated: common.Config): Uint8Array {
  const [from, to] = [original.getChannelGroup(), updated.getChannelGroup()];
  if (from === undefined || to === undefined)
    throw new ConfigError('INVALID_CONFIGURATION', 'A configuration without a channel group.', { channel });
  const { readSet, writeSet, changed } = compareGroups(from, to);
  if (!changed) throw new ConfigError('NO_DIFFERENCE', `${channel} already has this configuration.`, { channel });
  const update = new common.ConfigUpdate();
  update.setChannelId(channel);
  update.setReadSet(readSet);
  update.setWriteSet(writeSet);
  return update.serializeBinary();
}

/** Entries of one kind (groups, values or policies) that must be known (`read`), are written, or did not change (`same`). */
interface Comparison<T> {
  readonly read: Map<string, T>;
  readonly write: Map<string, T>;
  readonly same: Map<string, T>;
  /** Whether an entry came or went. */
  readonly membersChanged: boolean;
}

interface Entry {
  getVersion(): number;
  setVersion(value: number): void;
  getModPolicy(): string;
  setModPolicy(value: string): void;
}

function compareLeaves<T extends Entry>(
  from: ReadonlyMap<string, T>,
  to: ReadonlyMap<string, T>,
  equal: (a: T, b: T) => boolean,
  create: (source?: T) => T,
): Comparison<T> {
  const comparison: Comparison<T> = { read: new Map(), write: new Map(), same: new Map(), membersChanged: !sameKeys(from, to) };
  for (const [name, updated] of to) {
    const original = from.get(name);
    const unchanged = original !== undefined && original.getModPolicy() === updated.getModPolicy() && equal(original, updated);
    const entry = create(unchanged ? undefined : updated);
    entry.setVersion(original === undefined ? 0 : original.getVersion() + (unchanged ? 0 : 1));
    if (!unchanged) entry.setModPolicy(updated.getModPolicy());
    (unchanged ? comparison.same : comparison.write).set(name, entry);
  }
  return comparison;
}

function compareChildren(
  from: ReadonlyMap<string, common.ConfigGroup>,
  to: ReadonlyMap<string, common.ConfigGroup>,
): Comparison<common.ConfigGroup> {
  const comparison: Comparison<common.ConfigGroup> = {
    read: new Map(),
    write: new Map(),
    same: new Map(),
    membersChanged: !sameKeys(from, to),
  };
  for (const [name, updated] of to) {
    const original = from.get(name);
    const { readSet, writeSet, changed } = compareGroups(original ?? new common.ConfigGroup(), updated);
    if (original === undefined) {
      writeSet.setVersion(0);
      writeSet.setModPolicy(updated.getModPolicy());
      comparison.write.set(name, writeSet);
    } else if (changed) {
      comparison.read.set(name, readSet);
      comparison.write.set(name, writeSet);
    } else {
      comparison.same.set(name, readSet);
    }
  }
  return comparison;
}

function compareGroups(
  from: common.ConfigGroup,
  to: common.ConfigGroup,
): { readSet: common.ConfigGroup; writeSet: common.ConfigGroup; changed: boolean } {
  const policies = compareLeaves(entriesOf(from.getPoliciesMap()), entriesOf(to.getPoliciesMap()), samePolicy, createPolicy);
  const values = compareLeaves(
    entriesOf(from.getValuesMap()),
    entriesOf(to.getValuesMap()),
    (a, b) => sameBytes(a.getValue_asU8(), b.getValue_asU8()),
    createValue,
  );
  const groups = compareChildren(entriesOf(from.getGroupsMap()), entriesOf(to.getGroupsMap()));
  const kinds = [policies, values, groups];

  const readSet = new common.ConfigGroup();
  const writeSet = new common.ConfigGroup();
  readSet.setVersion(from.getVersion());
  writeSet.setVersion(from.getVersion());
  const ownChange = from.getModPolicy() !== to.getModPolicy() || kinds.some(({ membersChanged }) => membersChanged);
  if (ownChange) {
    writeSet.setVersion(from.getVersion() + 1);
    writeSet.setModPolicy(to.getModPolicy());
  }
  fill(readSet.getPoliciesMap(), policies.read, ownChange ? policies.same : undefined);
  fill(writeSet.getPoliciesMap(), policies.write, ownChange ? policies.same : undefined);
  fill(readSet.getValuesMap(), values.read, ownChange ? values.same : undefined);
  fill(writeSet.getValuesMap(), values.write, ownChange ? values.same : undefined);
  fill(readSet.getGroupsMap(), groups.read, ownChange ? groups.same : undefined);
  fill(writeSet.getGroupsMap(), groups.write, ownChange ? groups.same : undefined);
  return { readSet, writeSet, changed: ownChange || kinds.some(({ write }) => write.size > 0) };
}

interface MessageMap<T> {
  set(key: string, value: T): unknown;
}

function fill<T>(map: MessageMap<T>, ...sources: (ReadonlyMap<string, T> | undefined)[]): void {
  for (const source of sources) for (const [name, entry] of source ?? []) map.set(name, entry);
}

/** A plain map of a message's map, for either side of a comparison. */
export function entriesOf<T>(map: { entries(): Iterable<[string, T]> }): Map<string, T> {
  return new Map(map.entries());
}

const sameKeys = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean =>
  a.size === b.size && [...a.keys()].every((key) => b.has(key));

export function samePolicy(a: common.ConfigPolicy, b: common.ConfigPolicy): boolean {
  const [first, second] = [a.getPolicy(), b.getPolicy()];
  if (first === undefined || second === undefined) return first === second;
  return first.getType() === second.getType() && sameBytes(first.getValue_asU8(), second.getValue_asU8());
}

function createPolicy(source?: common.ConfigPolicy): common.ConfigPolicy {
  const entry = new common.ConfigPolicy();
  if (source !== undefined) entry.setPolicy(source.getPolicy());
  return entry;
}

function createValue(source?: common.ConfigValue): common.ConfigValue {
  const entry = new common.ConfigValue();
  if (source !== undefined) entry.setValue(source.getValue_asU8());
  return entry;
}
