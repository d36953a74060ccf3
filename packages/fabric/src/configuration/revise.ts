import { isDeepStrictEqual } from 'node:util';
import { common } from '@hyperledger/fabric-protos';
import { required, sameBytes } from '../protobuf.ts';
import type { ChannelConfiguration } from './description.ts';
import { encodeConfiguration } from './encode.ts';
import { entriesOf, samePolicy } from './update.ts';
import { type ConfigKey, decodeValue, isConfigKey } from './values.ts';

/** Values that a ChannelConfiguration has no place for: they stay as they are. */
const UNDESCRIBED: readonly string[] = [
  'HashingAlgorithm',
  'BlockDataHashingStructure',
  'OrdererAddresses',
  'ChannelRestrictions',
] satisfies ConfigKey[];

/**
 * The channel's present configuration brought to what `desired` says. What means the same keeps its very bytes, what exists
 * keeps its mod_policy, and what a ChannelConfiguration does not describe stays. The result goes into `computeConfigUpdate`.
 */
export function reviseConfig(current: common.Config, desired: ChannelConfiguration): common.Config {
  const config = new common.Config();
  config.setSequence(current.getSequence());
  config.setChannelGroup(reviseGroup(required(current.getChannelGroup(), 'channel group'), encodeConfiguration(desired)));
  return config;
}

function reviseGroup(current: common.ConfigGroup, desired: common.ConfigGroup): common.ConfigGroup {
  const result = new common.ConfigGroup();
  result.setVersion(current.getVersion());
  result.setModPolicy(current.getModPolicy());
  for (const [name, value] of entriesOf(current.getValuesMap())) {
    if (UNDESCRIBED.includes(name) || !isConfigKey(name)) result.getValuesMap().set(name, value);
  }
  for (const [name, value] of entriesOf(desired.getValuesMap())) {
    if (!UNDESCRIBED.includes(name))
      result.getValuesMap().set(
        name,
        keepIf(current.getValuesMap().get(name), value, (a, b) => sameValue(name, a, b)),
      );
  }
  for (const [name, policy] of entriesOf(desired.getPoliciesMap())) {
    result.getPoliciesMap().set(name, keepIf(current.getPoliciesMap().get(name), policy, samePolicy));
  }
  for (const [name, group] of entriesOf(desired.getGroupsMap())) {
    const existing = current.getGroupsMap().get(name);
    result.getGroupsMap().set(name, existing === undefined ? group : reviseGroup(existing, group));
  }
  return result;
}

interface Modifiable {
  getModPolicy(): string;
  setModPolicy(policy: string): void;
}

function keepIf<T extends Modifiable>(current: T | undefined, desired: T, same: (a: T, b: T) => boolean): T {
  if (current === undefined) return desired;
  if (same(current, desired)) return current;
  desired.setModPolicy(current.getModPolicy());
  return desired;
}

function sameValue(name: string, a: common.ConfigValue, b: common.ConfigValue): boolean {
  const [first, second] = [a.getValue_asU8(), b.getValue_asU8()];
  return sameBytes(first, second) || (isConfigKey(name) && isDeepStrictEqual(decodeValue(name, first), decodeValue(name, second)));
}
