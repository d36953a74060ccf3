import { common } from '@hyperledger/fabric-protos';
import { ConfigError, DecodeError } from '../errors.ts';
import { decodeExact, required } from '../protobuf.ts';
import { entriesOf } from './update.ts';

export interface AppliedUpdate {
  readonly channel: string;
  /** The configuration as it will be once the update is committed, sequence included. */
  readonly config: common.Config;
}

/**
 * What an update makes of a configuration, by the rules of Fabric's own validator (common/configtx/update.go) but for the
 * signatures. Throws CONFIG_CONFLICT when the update was computed from another configuration, and refuses bytes that
 * `computeConfigUpdate` could not have made: this is how a signer sees what it signs.
 */
export function applyConfigUpdate(current: common.Config, updateBytes: Uint8Array): AppliedUpdate {
  const update = decodeExact(common.ConfigUpdate, updateBytes, 'ConfigUpdate');
  const channel = update.getChannelId();
  if ([...update.getIsolatedDataMap().keys()].length > 0)
    throw new DecodeError('MALFORMED_MESSAGE', 'The update carries data that Fabric does not use.');
  const group = applyGroup({
    path: '/Channel',
    current: current.getChannelGroup(),
    read: update.getReadSet(),
    write: required(update.getWriteSet(), 'write set'),
  });
  const config = new common.Config();
  config.setSequence(current.getSequence() + 1);
  config.setChannelGroup(group);
  return { channel, config };
}

interface Versioned {
  getVersion(): number;
}

/** One element as it stands, as the update expects it and as it writes it. */
interface Place<T> {
  readonly path: string;
  readonly current: T | undefined;
  readonly read: T | undefined;
  readonly write: T;
}

/** Whether the element itself is written: its version is not the one that the update only read. */
function isWritten({ path, current, read, write }: Place<Versioned>): boolean {
  if (read !== undefined && read.getVersion() !== current?.getVersion()) {
    throw new ConfigError(
      'CONFIG_CONFLICT',
      `The update expects ${path} at version ${read.getVersion()}, it is ${current === undefined ? 'not there' : `at version ${current.getVersion()}`}.`,
      { path },
    );
  }
  if (read !== undefined && read.getVersion() === write.getVersion()) return false;
  const expected = current === undefined ? 0 : current.getVersion() + 1;
  if (write.getVersion() !== expected) {
    throw new ConfigError(
      'CONFIG_CONFLICT',
      `The update writes ${path} as version ${write.getVersion()} where version ${expected} is next.`,
      { path },
    );
  }
  return true;
}

function applyGroup(place: Place<common.ConfigGroup>): common.ConfigGroup {
  const { path, current, read, write } = place;
  const written = isWritten(place);
  const result = new common.ConfigGroup();
  result.setVersion(write.getVersion());
  result.setModPolicy(written ? write.getModPolicy() : (current?.getModPolicy() ?? ''));
  for (const [name, entry] of members(place, written, (group) => entriesOf(group.getPoliciesMap())))
    result.getPoliciesMap().set(name, applyLeaf(entry));
  for (const [name, entry] of members(place, written, (group) => entriesOf(group.getValuesMap())))
    result.getValuesMap().set(name, applyLeaf(entry));
  for (const [name, entry] of members(place, written, (group) => entriesOf(group.getGroupsMap())))
    result.getGroupsMap().set(name, 'kept' in entry ? entry.kept : applyGroup(entry));
  requireMembers(write, result, path);
  if (read !== undefined) requireMembers(read, write, path);
  return result;
}

const applyLeaf = <T extends Versioned>(entry: Place<T> | Kept<T>): T => {
  if ('kept' in entry) return entry.kept;
  return isWritten(entry) ? entry.write : required(entry.current, entry.path);
};

interface Kept<T> {
  readonly kept: T;
}

/** A written group has the members that it names; another keeps its own, of which some may be written. */
function members<T>(
  { path, current, read, write }: Place<common.ConfigGroup>,
  written: boolean,
  of: (group: common.ConfigGroup) => Map<string, T>,
): Map<string, Place<T> | Kept<T>> {
  const existing = current === undefined ? new Map<string, T>() : of(current);
  const expected = read === undefined ? new Map<string, T>() : of(read);
  const named = of(write);
  const result = new Map<string, Place<T> | Kept<T>>();
  for (const name of (written ? named : existing).keys()) {
    const [before, after] = [existing.get(name), named.get(name)];
    if (after !== undefined) result.set(name, { path: `${path}/${name}`, current: before, read: expected.get(name), write: after });
    else if (before !== undefined) result.set(name, { kept: before });
  }
  return result;
}

/** What is written must be in the result: nothing can be added to a group that is not written itself. What is read must be written too, as `computeConfigUpdate` does it. */
function requireMembers(named: common.ConfigGroup, of: common.ConfigGroup, path: string): void {
  const unknown = [
    ...[...named.getPoliciesMap().keys()].filter((name) => !of.getPoliciesMap().has(name)),
    ...[...named.getValuesMap().keys()].filter((name) => !of.getValuesMap().has(name)),
    ...[...named.getGroupsMap().keys()].filter((name) => !of.getGroupsMap().has(name)),
  ];
  if (unknown.length > 0)
    throw new ConfigError('CONFIG_CONFLICT', `The update names ${unknown.join(', ')} in ${path}, which would not be there.`, { path });
}
