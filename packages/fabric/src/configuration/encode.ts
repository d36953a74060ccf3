import { common } from '@hyperledger/fabric-protos';
import { bftQuorum } from '../broadcast/quorum.ts';
import { type Policy, type SignatureRule, encodePolicy, outOf, signedByRole } from '../policy/index.ts';
import type { BftConsenter, ChannelConfiguration, Policies } from './description.ts';
import { normalize } from './normalize.ts';
import { requireSound } from './validate.ts';
import { type ConfigValues, encodeValues } from './values.ts';

const ADMINS = 'Admins';

const meta = (rule: 'ANY' | 'ALL' | 'MAJORITY', subPolicy: string): Policy => ({ kind: 'implicitMeta', rule, subPolicy });
const anyOf = (mspId: string, ...roles: Parameters<typeof signedByRole>[1][]): Policy => ({
  kind: 'signature',
  rule: outOf(
    1,
    roles.map((role) => signedByRole(mspId, role)),
  ),
});

const META_POLICIES: Policies = { Readers: meta('ANY', 'Readers'), Writers: meta('ANY', 'Writers'), Admins: meta('MAJORITY', ADMINS) };

/** Fabric's customary policies (sampleconfig/configtx.yaml), used where a configuration names none. */
export const CUSTOMARY_POLICIES = {
  channel: META_POLICIES,
  orderer: { ...META_POLICIES, BlockValidation: meta('ANY', 'Writers') },
  application: { ...META_POLICIES, Endorsement: meta('MAJORITY', 'Endorsement'), LifecycleEndorsement: meta('MAJORITY', 'Endorsement') },
  ordererOrganization: (mspId: string): Policies => ({
    Readers: anyOf(mspId, 'member'),
    Writers: anyOf(mspId, 'member'),
    Admins: anyOf(mspId, 'admin'),
  }),
  applicationOrganization: (mspId: string): Policies => ({
    Readers: anyOf(mspId, 'admin', 'peer', 'client'),
    Writers: anyOf(mspId, 'admin', 'client'),
    Admins: anyOf(mspId, 'admin'),
    Endorsement: anyOf(mspId, 'peer'),
  }),
} as const satisfies Record<string, Policies | ((mspId: string) => Policies)>;

/**
 * Under BFT a block is valid when a quorum of the consenters signed it, by their exact identities in the order of the mapping. Fabric compares it on every configuration update
 * (common/policies EncodeBFTBlockVerificationPolicy).
 */
export function bftBlockValidation(consenters: readonly BftConsenter[]): Policy {
  const rules = consenters.map(({ mspId, identity }): SignatureRule => ({
    kind: 'signedBy',
    principal: { kind: 'identity', identity: { mspId, certificate: identity } },
  }));
  return { kind: 'signature', rule: outOf(bftQuorum(consenters.length), rules) };
}

/**
 * The channel group of a configuration (internal/configtxgen/encoder), every version 0 and every mod_policy "Admins".
 * Throws a ConfigError with the path of what Fabric would refuse.
 */
export function encodeConfiguration(input: ChannelConfiguration): common.ConfigGroup {
  const configuration = normalize(input);
  requireSound(configuration);
  const { ordering, batch, capabilities, policies = {}, acls = {} } = configuration;
  const { timeoutMs, ...batchSize } = batch;
  const ordererPolicies = policies.orderer ?? CUSTOMARY_POLICIES.orderer;

  const ordererGroup = group(
    {
      BatchSize: batchSize,
      BatchTimeout: { timeoutMs },
      ChannelRestrictions: 0,
      Capabilities: capabilities.orderer,
      ConsensusType:
        ordering.type === 'raft'
          ? { type: 'etcdraft', maintenance: false, consenters: ordering.consenters, options: ordering.options }
          : { type: 'BFT', maintenance: false, options: ordering.options },
      ...(ordering.type === 'bft' ? { Orderers: ordering.consenters } : {}),
    },
    ordering.type === 'bft' ? { ...ordererPolicies, BlockValidation: bftBlockValidation(ordering.consenters) } : ordererPolicies,
    configuration.ordererOrganizations.map(({ name, msp, endpoints, policies }) => [
      name,
      group({ MSP: msp, Endpoints: endpoints }, policies ?? CUSTOMARY_POLICIES.ordererOrganization(msp.mspId)),
    ]),
  );

  const applicationGroup = group(
    {
      Capabilities: capabilities.application,
      ...(Object.keys(acls).length === 0 ? {} : { ACLs: acls }),
    },
    policies.application ?? CUSTOMARY_POLICIES.application,
    configuration.applicationOrganizations.map(({ name, msp, anchorPeers, policies }) => [
      name,
      group(
        { MSP: msp, ...(anchorPeers.length === 0 ? {} : { AnchorPeers: anchorPeers }) },
        policies ?? CUSTOMARY_POLICIES.applicationOrganization(msp.mspId),
      ),
    ]),
  );

  return group(
    {
      HashingAlgorithm: 'SHA256',
      BlockDataHashingStructure: 4_294_967_295,
      Capabilities: capabilities.channel,
    },
    policies.channel ?? CUSTOMARY_POLICIES.channel,
    [
      ['Orderer', ordererGroup],
      ['Application', applicationGroup],
    ],
  );
}

function group(
  values: Partial<ConfigValues>,
  policies: Policies,
  groups: readonly (readonly [string, common.ConfigGroup])[] = [],
): common.ConfigGroup {
  const message = new common.ConfigGroup();
  message.setModPolicy(ADMINS);
  for (const [key, bytes] of encodeValues(values)) {
    const entry = new common.ConfigValue();
    entry.setValue(bytes);
    entry.setModPolicy(ADMINS);
    message.getValuesMap().set(key, entry);
  }
  for (const [name, policy] of Object.entries(policies)) {
    const entry = new common.ConfigPolicy();
    entry.setPolicy(encodePolicy(policy));
    entry.setModPolicy(ADMINS);
    message.getPoliciesMap().set(name, entry);
  }
  for (const [name, child] of groups) message.getGroupsMap().set(name, child);
  return message;
}
