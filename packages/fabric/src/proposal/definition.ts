import { common, peer } from '@hyperledger/fabric-protos';
import { DecodeError } from '../errors.ts';
import { type SignatureRule, decodeSignaturePolicy, encodeSignaturePolicy } from '../policy/index.ts';
import { decode, required } from '../protobuf.ts';

/** Who must endorse a contract's transactions: an own rule, or a policy of the channel by its path. */
export type EndorsementPolicy =
  { readonly kind: 'signature'; readonly rule: SignatureRule } | { readonly kind: 'reference'; readonly path: string };

/** The channel's own endorsement policy, which grows with its members. */
export const CHANNEL_ENDORSEMENT: EndorsementPolicy = { kind: 'reference', path: '/Channel/Application/Endorsement' };

/** A private data collection (peer/collection.proto). `blockToLive` 0 keeps the data. */
export interface Collection {
  readonly name: string;
  readonly memberPolicy: SignatureRule;
  readonly requiredPeerCount: number;
  readonly maximumPeerCount: number;
  readonly blockToLive: number;
  readonly memberOnlyRead: boolean;
  readonly memberOnlyWrite: boolean;
  readonly endorsementPolicy?: EndorsementPolicy;
}

/** What all members of a channel agree on byte for byte; only the package differs per member. */
export interface ContractDefinition {
  readonly name: string;
  readonly version: string;
  /** Starts at 1 and rises by one with every committed change. */
  readonly sequence: number;
  readonly initRequired: boolean;
  readonly endorsementPolicy: EndorsementPolicy;
  readonly collections: readonly Collection[];
}

/** The definition fields that several messages of peer/lifecycle have in common. */
export interface DefinitionMessage {
  getSequence(): number;
  setSequence(value: number): void;
  getVersion(): string;
  setVersion(value: string): void;
  getEndorsementPlugin(): string;
  setEndorsementPlugin(value: string): void;
  getValidationPlugin(): string;
  setValidationPlugin(value: string): void;
  getValidationParameter_asU8(): Uint8Array;
  setValidationParameter(value: Uint8Array): void;
  getCollections(): peer.CollectionConfigPackage | undefined;
  setCollections(value?: peer.CollectionConfigPackage): void;
  getInitRequired(): boolean;
  setInitRequired(value: boolean): void;
}

/** Fabric's built-in endorsement and validation. */
const ENDORSEMENT_PLUGIN = 'escc';
const VALIDATION_PLUGIN = 'vscc';

export function fillDefinition<M extends DefinitionMessage & { setName(name: string): void }>(
  message: M,
  definition: ContractDefinition,
): M {
  message.setName(definition.name);
  message.setVersion(definition.version);
  message.setSequence(definition.sequence);
  message.setInitRequired(definition.initRequired);
  message.setEndorsementPlugin(ENDORSEMENT_PLUGIN);
  message.setValidationPlugin(VALIDATION_PLUGIN);
  message.setValidationParameter(encodeApplicationPolicy(definition.endorsementPolicy).serializeBinary());
  if (definition.collections.length > 0) {
    const collections = new peer.CollectionConfigPackage();
    collections.setConfigList(definition.collections.map(encodeCollection));
    message.setCollections(collections);
  }
  return message;
}

export function readDefinition(message: DefinitionMessage, name: string, read: typeof decode = decode): ContractDefinition {
  const plugins = [message.getEndorsementPlugin(), message.getValidationPlugin()];
  if (plugins[0] !== ENDORSEMENT_PLUGIN || plugins[1] !== VALIDATION_PLUGIN) {
    throw new DecodeError(
      'MALFORMED_MESSAGE',
      `The definition of ${name} uses the plugins ${plugins.join(' and ')} instead of ${ENDORSEMENT_PLUGIN} and ${VALIDATION_PLUGIN}.`,
    );
  }
  return {
    name,
    version: message.getVersion(),
    sequence: message.getSequence(),
    initRequired: message.getInitRequired(),
    endorsementPolicy: decodeApplicationPolicy(read(common.ApplicationPolicy, message.getValidationParameter_asU8(), 'ApplicationPolicy')),
    collections: (message.getCollections()?.getConfigList() ?? []).map(decodeCollection),
  };
}

function encodeApplicationPolicy(policy: EndorsementPolicy): common.ApplicationPolicy {
  const message = new common.ApplicationPolicy();
  if (policy.kind === 'signature') message.setSignaturePolicy(encodeSignaturePolicy(policy.rule));
  else message.setChannelConfigPolicyReference(policy.path);
  return message;
}

function decodeApplicationPolicy(message: common.ApplicationPolicy): EndorsementPolicy {
  const signature = message.getSignaturePolicy();
  return signature === undefined
    ? { kind: 'reference', path: message.getChannelConfigPolicyReference() }
    : { kind: 'signature', rule: decodeSignaturePolicy(signature) };
}

function encodeCollection(collection: Collection): peer.CollectionConfig {
  const members = new peer.CollectionPolicyConfig();
  members.setSignaturePolicy(encodeSignaturePolicy(collection.memberPolicy));
  const config = new peer.StaticCollectionConfig();
  config.setName(collection.name);
  config.setMemberOrgsPolicy(members);
  config.setRequiredPeerCount(collection.requiredPeerCount);
  config.setMaximumPeerCount(collection.maximumPeerCount);
  config.setBlockToLive(collection.blockToLive);
  config.setMemberOnlyRead(collection.memberOnlyRead);
  config.setMemberOnlyWrite(collection.memberOnlyWrite);
  if (collection.endorsementPolicy !== undefined) config.setEndorsementPolicy(encodeApplicationPolicy(collection.endorsementPolicy));
  const message = new peer.CollectionConfig();
  message.setStaticCollectionConfig(config);
  return message;
}

function decodeCollection(message: peer.CollectionConfig): Collection {
  const config = required(message.getStaticCollectionConfig(), 'collection');
  const endorsementPolicy = config.getEndorsementPolicy();
  return {
    name: config.getName(),
    memberPolicy: decodeSignaturePolicy(required(config.getMemberOrgsPolicy()?.getSignaturePolicy(), 'collection member policy')),
    requiredPeerCount: config.getRequiredPeerCount(),
    maximumPeerCount: config.getMaximumPeerCount(),
    blockToLive: config.getBlockToLive(),
    memberOnlyRead: config.getMemberOnlyRead(),
    memberOnlyWrite: config.getMemberOnlyWrite(),
    ...(endorsementPolicy === undefined ? {} : { endorsementPolicy: decodeApplicationPolicy(endorsementPolicy) }),
  };
}
