import { common, msp, orderer, peer } from '@hyperledger/fabric-protos';
import { DecodeError } from '../errors.ts';
import { type MspDescription, decodeMsp, encodeMsp } from '../msp/index.ts';
import { decode } from '../protobuf.ts';
import { type ConsensusType, decodeConsensusType, decodeOrderers, encodeConsensusType, encodeOrderers } from './consensus.ts';
import type { Address, Batch, BftConsenter } from './description.ts';
import { formatDuration, parseDuration } from './duration.ts';

/** The values of a channel's configuration by their keys, in plain form (common/channelconfig). */
export interface ConfigValues {
  HashingAlgorithm: string;
  BlockDataHashingStructure: number;
  /** Set by channels of old only; since 1.4.2 every ordering member has its Endpoints. */
  OrdererAddresses: readonly Address[];
  Capabilities: readonly string[];
  BatchSize: Omit<Batch, 'timeoutMs'>;
  BatchTimeout: Pick<Batch, 'timeoutMs'>;
  /** How many channels may be created; 0 is any number. */
  ChannelRestrictions: number;
  ConsensusType: ConsensusType;
  Orderers: readonly BftConsenter[];
  ACLs: Readonly<Record<string, string>>;
  MSP: MspDescription;
  Endpoints: readonly Address[];
  AnchorPeers: readonly Address[];
}

export type ConfigKey = keyof ConfigValues;

interface Codec<T> {
  readonly encode: (value: T) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => T;
}

const addresses: Codec<readonly Address[]> = {
  encode: (list) => {
    const message = new common.OrdererAddresses();
    message.setAddressesList(list.map(({ host, port }) => `${host}:${port}`));
    return message.serializeBinary();
  },
  decode: (bytes) => decode(common.OrdererAddresses, bytes, 'OrdererAddresses').getAddressesList().map(parseAddress),
};

export function parseAddress(text: string): Address {
  const match = /^(.+):(\d{1,5})$/.exec(text);
  if (match?.[1] === undefined) throw new DecodeError('MALFORMED_MESSAGE', `"${text}" is not of the form host:port.`);
  return { host: match[1], port: Number(match[2]) };
}

const CODECS: { readonly [K in ConfigKey]: Codec<ConfigValues[K]> } = {
  HashingAlgorithm: {
    encode: (name) => {
      const message = new common.HashingAlgorithm();
      message.setName(name);
      return message.serializeBinary();
    },
    decode: (bytes) => decode(common.HashingAlgorithm, bytes, 'HashingAlgorithm').getName(),
  },
  BlockDataHashingStructure: {
    encode: (width) => {
      const message = new common.BlockDataHashingStructure();
      message.setWidth(width);
      return message.serializeBinary();
    },
    decode: (bytes) => decode(common.BlockDataHashingStructure, bytes, 'BlockDataHashingStructure').getWidth(),
  },
  OrdererAddresses: addresses,
  Capabilities: {
    encode: (names) => {
      const message = new common.Capabilities();
      for (const name of names) message.getCapabilitiesMap().set(name, new common.Capability());
      return message.serializeBinary();
    },
    decode: (bytes) => [...decode(common.Capabilities, bytes, 'Capabilities').getCapabilitiesMap().keys()].sort(),
  },
  BatchSize: {
    encode: (size) => {
      const message = new orderer.BatchSize();
      message.setMaxMessageCount(size.maxMessageCount);
      message.setAbsoluteMaxBytes(size.absoluteMaxBytes);
      message.setPreferredMaxBytes(size.preferredMaxBytes);
      return message.serializeBinary();
    },
    decode: (bytes) => {
      const message = decode(orderer.BatchSize, bytes, 'BatchSize');
      return {
        maxMessageCount: message.getMaxMessageCount(),
        absoluteMaxBytes: message.getAbsoluteMaxBytes(),
        preferredMaxBytes: message.getPreferredMaxBytes(),
      };
    },
  },
  BatchTimeout: {
    encode: ({ timeoutMs }) => {
      const message = new orderer.BatchTimeout();
      message.setTimeout(formatDuration(timeoutMs));
      return message.serializeBinary();
    },
    decode: (bytes) => ({ timeoutMs: parseDuration(decode(orderer.BatchTimeout, bytes, 'BatchTimeout').getTimeout()) }),
  },
  ChannelRestrictions: {
    encode: (count) => {
      const message = new orderer.ChannelRestrictions();
      message.setMaxCount(count);
      return message.serializeBinary();
    },
    decode: (bytes) => decode(orderer.ChannelRestrictions, bytes, 'ChannelRestrictions').getMaxCount(),
  },
  ConsensusType: { encode: encodeConsensusType, decode: decodeConsensusType },
  Orderers: { encode: encodeOrderers, decode: decodeOrderers },
  ACLs: {
    encode: (acls) => {
      const message = new peer.ACLs();
      for (const [resource, policy] of Object.entries(acls)) {
        const entry = new peer.APIResource();
        entry.setPolicyRef(policy);
        message.getAclsMap().set(resource, entry);
      }
      return message.serializeBinary();
    },
    decode: (bytes) =>
      Object.fromEntries(
        [...decode(peer.ACLs, bytes, 'ACLs').getAclsMap().entries()].map(([resource, entry]) => [resource, entry.getPolicyRef()]),
      ),
  },
  MSP: {
    encode: (description) => encodeMsp(description).serializeBinary(),
    decode: (bytes) => decodeMsp(decode(msp.MSPConfig, bytes, 'MSPConfig')),
  },
  Endpoints: addresses,
  AnchorPeers: {
    encode: (list) => {
      const message = new peer.AnchorPeers();
      message.setAnchorPeersList(
        list.map(({ host, port }) => {
          const anchor = new peer.AnchorPeer();
          anchor.setHost(host);
          anchor.setPort(port);
          return anchor;
        }),
      );
      return message.serializeBinary();
    },
    decode: (bytes) =>
      decode(peer.AnchorPeers, bytes, 'AnchorPeers')
        .getAnchorPeersList()
        .map((anchor) => ({ host: anchor.getHost(), port: anchor.getPort() })),
  },
};

export const isConfigKey = (key: string): key is ConfigKey => Object.hasOwn(CODECS, key);

export const encodeValue = <K extends ConfigKey>(key: K, value: ConfigValues[K]): Uint8Array => CODECS[key].encode(value);

/** The bytes of each value that is there. */
export function encodeValues(values: Partial<ConfigValues>): readonly (readonly [ConfigKey, Uint8Array])[] {
  const encode = <K extends ConfigKey>(
    key: K,
    { [key]: value }: Partial<Pick<ConfigValues, K>>,
  ): readonly (readonly [ConfigKey, Uint8Array])[] => (value === undefined ? [] : [[key, encodeValue(key, value)]]);
  return Object.keys(values)
    .filter(isConfigKey)
    .flatMap((key) => encode(key, values));
}

export const decodeValue = <K extends ConfigKey>(key: K, bytes: Uint8Array): ConfigValues[K] => CODECS[key].decode(bytes);
