import { common } from '@hyperledger/fabric-protos';
import { DecodeError } from '../errors.ts';
import { decodePolicy } from '../policy/index.ts';
import { required } from '../protobuf.ts';
import type { ApplicationOrganization, ChannelConfiguration, OrdererOrganization, Ordering, Policies } from './description.ts';
import { entriesOf } from './update.ts';
import { type ConfigKey, type ConfigValues, decodeValue } from './values.ts';

/**
 * The typed description of a channel's configuration; every policy is named. `encodeConfiguration` of it means the same
 * but for versions and for values that the description has no place for (the addresses of orderers of old channels).
 */
export function decodeConfiguration(channel: string, config: common.Config): ChannelConfiguration {
  const root = required(config.getChannelGroup(), 'channel group');
  const orderer = required(root.getGroupsMap().get('Orderer'), 'Orderer group');
  const application = required(root.getGroupsMap().get('Application'), 'Application group');
  return {
    channel,
    ordering: decodeOrdering(orderer),
    batch: { ...valueOf(orderer, 'BatchSize'), ...valueOf(orderer, 'BatchTimeout') },
    capabilities: {
      channel: optional(root, 'Capabilities') ?? [],
      orderer: optional(orderer, 'Capabilities') ?? [],
      application: optional(application, 'Capabilities') ?? [],
    },
    ordererOrganizations: organizations(orderer).map(([name, group]): OrdererOrganization => ({
      name,
      msp: valueOf(group, 'MSP'),
      endpoints: optional(group, 'Endpoints') ?? [],
      policies: policiesOf(group),
    })),
    applicationOrganizations: organizations(application).map(([name, group]): ApplicationOrganization => ({
      name,
      msp: valueOf(group, 'MSP'),
      anchorPeers: optional(group, 'AnchorPeers') ?? [],
      policies: policiesOf(group),
    })),
    policies: { channel: policiesOf(root), orderer: policiesOf(orderer), application: policiesOf(application) },
    acls: optional(application, 'ACLs') ?? {},
  };
}

function decodeOrdering(orderer: common.ConfigGroup): Ordering {
  const consensus = valueOf(orderer, 'ConsensusType');
  return consensus.type === 'etcdraft'
    ? { type: 'raft', consenters: consensus.consenters, options: consensus.options }
    : { type: 'bft', consenters: valueOf(orderer, 'Orderers'), options: consensus.options };
}

const organizations = (group: common.ConfigGroup): [string, common.ConfigGroup][] =>
  [...entriesOf(group.getGroupsMap())].sort(([a], [b]) => (a < b ? -1 : 1));

function optional<K extends ConfigKey>(group: common.ConfigGroup, key: K): ConfigValues[K] | undefined {
  const entry = group.getValuesMap().get(key);
  return entry === undefined ? undefined : decodeValue(key, entry.getValue_asU8());
}

function valueOf<K extends ConfigKey>(group: common.ConfigGroup, key: K): ConfigValues[K] {
  const value = optional(group, key);
  if (value === undefined) throw new DecodeError('MALFORMED_MESSAGE', `The configuration has no ${key}.`);
  return value;
}

function policiesOf(group: common.ConfigGroup): Policies {
  const policies = [...entriesOf(group.getPoliciesMap())].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(policies.map(([name, entry]) => [name, decodePolicy(required(entry.getPolicy(), `policy ${name}`))]));
}
