import { common } from '@hyperledger/fabric-protos';
import { blockDataHash } from '../block/index.ts';
import { transactionId } from '../identity/index.ts';
import { toTimestamp } from '../protobuf.ts';
import { buildPayload } from '../proposal/header.ts';
import type { ChannelConfiguration } from './description.ts';
import { encodeConfiguration } from './encode.ts';

/** What makes two genesis blocks of one configuration differ; whoever rebuilds a block must use the same. Below a second the time is dropped. */
export interface GenesisSeed {
  readonly timestamp: Date;
  /** 24 random bytes. */
  readonly nonce: Uint8Array;
}

/**
 * Block 0 of a channel (common/genesis/genesis.go). The bytes follow from the configuration, the timestamp and the nonce
 * alone: the same three give the same bytes in every process. Within the configuration the order of consenters, endpoints,
 * anchor peers and certificates counts; that of members, capabilities, policies and ACLs does not.
 */
export function buildGenesisBlock(configuration: ChannelConfiguration, { timestamp, nonce }: GenesisSeed): Uint8Array {
  const config = new common.Config();
  config.setChannelGroup(encodeConfiguration(configuration));
  const envelope = new common.ConfigEnvelope();
  envelope.setConfig(config);

  const data = new common.BlockData();
  data.setDataList([genesisEnvelope(configuration.channel, envelope.serializeBinary(), { timestamp, nonce }).serializeBinary()]);
  const header = new common.BlockHeader();
  header.setDataHash(blockDataHash(data));
  const block = new common.Block();
  block.setHeader(header);
  block.setData(data);
  block.setMetadata(genesisMetadata());
  return block.serializeBinary();
}

function genesisEnvelope(channel: string, data: Uint8Array, { timestamp, nonce }: GenesisSeed): common.Envelope {
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG);
  channelHeader.setVersion(1);
  channelHeader.setChannelId(channel);
  channelHeader.setTimestamp(toTimestamp(new Date(Math.floor(timestamp.getTime() / 1000) * 1000)));
  channelHeader.setTxId(transactionId(nonce, new Uint8Array()));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setNonce(nonce);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(buildPayload(header, data));
  return envelope;
}

/** SIGNATURES and LAST_CONFIG say that block 0 is the last configuration; the other three are empty. */
function genesisMetadata(): common.BlockMetadata {
  const lastConfig = new common.LastConfig();
  const signed = new common.OrdererBlockMetadata();
  signed.setLastConfig(lastConfig);
  const wrap = (value: Uint8Array): Uint8Array => {
    const metadata = new common.Metadata();
    metadata.setValue(value);
    return metadata.serializeBinary();
  };
  const message = new common.BlockMetadata();
  message.setMetadataList([
    wrap(signed.serializeBinary()),
    wrap(lastConfig.serializeBinary()),
    new Uint8Array(),
    new Uint8Array(),
    new Uint8Array(),
  ]);
  return message;
}
