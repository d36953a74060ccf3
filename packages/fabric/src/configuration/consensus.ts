import { common, orderer } from '@hyperledger/fabric-protos';
import { DecodeError } from '../errors.ts';
import { decode, required, textOf, utf8 } from '../protobuf.ts';
import type { BftConsenter, BftOptions, RaftConsenter, RaftOptions } from './description.ts';
import { formatDuration, parseDuration } from './duration.ts';

/** /Channel/Orderer ConsensusType: the kind of ordering and its own metadata. During a migration it is in maintenance. */
export type ConsensusType = { readonly maintenance: boolean } & (
  | { readonly type: 'etcdraft'; readonly consenters: readonly RaftConsenter[]; readonly options: RaftOptions }
  | { readonly type: 'BFT'; readonly options: BftOptions }
);

export function encodeConsensusType(value: ConsensusType): Uint8Array {
  const message = new orderer.ConsensusType();
  message.setType(value.type);
  message.setMetadata(value.type === 'BFT' ? encodeBftOptions(value.options) : encodeRaftMetadata(value.consenters, value.options));
  if (value.maintenance) message.setState(orderer.ConsensusType.State.STATE_MAINTENANCE);
  return message.serializeBinary();
}

export function decodeConsensusType(bytes: Uint8Array): ConsensusType {
  const message = decode(orderer.ConsensusType, bytes, 'ConsensusType');
  const maintenance = message.getState() === orderer.ConsensusType.State.STATE_MAINTENANCE;
  switch (message.getType()) {
    case 'etcdraft':
      return { type: 'etcdraft', maintenance, ...decodeRaftMetadata(message.getMetadata_asU8()) };
    case 'BFT':
      return { type: 'BFT', maintenance, options: decodeBftOptions(message.getMetadata_asU8()) };
    default:
      throw new DecodeError('MALFORMED_MESSAGE', `The channel is ordered by "${message.getType()}", which is neither Raft nor BFT.`);
  }
}

function encodeRaftMetadata(consenters: readonly RaftConsenter[], options: RaftOptions): Uint8Array {
  const raftOptions = new orderer.etcdraft.Options();
  raftOptions.setTickInterval(formatDuration(options.tickIntervalMs));
  raftOptions.setElectionTick(options.electionTick);
  raftOptions.setHeartbeatTick(options.heartbeatTick);
  raftOptions.setMaxInflightBlocks(options.maxInflightBlocks);
  raftOptions.setSnapshotIntervalSize(options.snapshotIntervalSize);
  const metadata = new orderer.etcdraft.ConfigMetadata();
  metadata.setOptions(raftOptions);
  metadata.setConsentersList(
    consenters.map((consenter) => {
      const message = new orderer.etcdraft.Consenter();
      message.setHost(consenter.host);
      message.setPort(consenter.port);
      message.setClientTlsCert(utf8(consenter.clientTlsCertificate));
      message.setServerTlsCert(utf8(consenter.serverTlsCertificate));
      return message;
    }),
  );
  return metadata.serializeBinary();
}

function decodeRaftMetadata(bytes: Uint8Array): { consenters: RaftConsenter[]; options: RaftOptions } {
  const metadata = decode(orderer.etcdraft.ConfigMetadata, bytes, 'etcdraft ConfigMetadata');
  const options = required(metadata.getOptions(), 'Raft options');
  return {
    consenters: metadata.getConsentersList().map((consenter) => ({
      host: consenter.getHost(),
      port: consenter.getPort(),
      clientTlsCertificate: pem(consenter.getClientTlsCert_asU8()),
      serverTlsCertificate: pem(consenter.getServerTlsCert_asU8()),
    })),
    options: {
      tickIntervalMs: parseDuration(options.getTickInterval()),
      electionTick: options.getElectionTick(),
      heartbeatTick: options.getHeartbeatTick(),
      maxInflightBlocks: options.getMaxInflightBlocks(),
      snapshotIntervalSize: options.getSnapshotIntervalSize(),
    },
  };
}

const pem = (bytes: Uint8Array): string => required(textOf(bytes), 'certificate in PEM');

/** The rotation of leaders is left unset, as configtxgen does; Fabric runs without it. */
function encodeBftOptions(options: BftOptions): Uint8Array {
  const message = new orderer.smartbft.Options();
  message.setRequestBatchMaxCount(options.requestBatchMaxCount);
  message.setRequestBatchMaxBytes(options.requestBatchMaxBytes);
  message.setRequestBatchMaxInterval(formatDuration(options.requestBatchMaxIntervalMs));
  message.setIncomingMessageBufferSize(options.incomingMessageBufferSize);
  message.setRequestPoolSize(options.requestPoolSize);
  message.setRequestForwardTimeout(formatDuration(options.requestForwardTimeoutMs));
  message.setRequestComplainTimeout(formatDuration(options.requestComplainTimeoutMs));
  message.setRequestAutoRemoveTimeout(formatDuration(options.requestAutoRemoveTimeoutMs));
  message.setRequestMaxBytes(options.requestMaxBytes);
  message.setViewChangeResendInterval(formatDuration(options.viewChangeResendIntervalMs));
  message.setViewChangeTimeout(formatDuration(options.viewChangeTimeoutMs));
  message.setLeaderHeartbeatTimeout(formatDuration(options.leaderHeartbeatTimeoutMs));
  message.setLeaderHeartbeatCount(options.leaderHeartbeatCount);
  message.setCollectTimeout(formatDuration(options.collectTimeoutMs));
  message.setSyncOnStart(options.syncOnStart);
  message.setSpeedUpViewChange(options.speedUpViewChange);
  return message.serializeBinary();
}

function decodeBftOptions(bytes: Uint8Array): BftOptions {
  const message = decode(orderer.smartbft.Options, bytes, 'smartbft Options');
  return {
    requestBatchMaxCount: message.getRequestBatchMaxCount(),
    requestBatchMaxBytes: message.getRequestBatchMaxBytes(),
    requestBatchMaxIntervalMs: parseDuration(message.getRequestBatchMaxInterval()),
    incomingMessageBufferSize: message.getIncomingMessageBufferSize(),
    requestPoolSize: message.getRequestPoolSize(),
    requestForwardTimeoutMs: parseDuration(message.getRequestForwardTimeout()),
    requestComplainTimeoutMs: parseDuration(message.getRequestComplainTimeout()),
    requestAutoRemoveTimeoutMs: parseDuration(message.getRequestAutoRemoveTimeout()),
    requestMaxBytes: message.getRequestMaxBytes(),
    viewChangeResendIntervalMs: parseDuration(message.getViewChangeResendInterval()),
    viewChangeTimeoutMs: parseDuration(message.getViewChangeTimeout()),
    leaderHeartbeatTimeoutMs: parseDuration(message.getLeaderHeartbeatTimeout()),
    leaderHeartbeatCount: message.getLeaderHeartbeatCount(),
    collectTimeoutMs: parseDuration(message.getCollectTimeout()),
    syncOnStart: message.getSyncOnStart(),
    speedUpViewChange: message.getSpeedUpViewChange(),
  };
}

/** /Channel/Orderer Orderers: the consenters of BFT. */
export function encodeOrderers(consenters: readonly BftConsenter[]): Uint8Array {
  const message = new common.Orderers();
  message.setConsenterMappingList(
    consenters.map((consenter) => {
      const entry = new common.Consenter();
      entry.setId(consenter.id);
      entry.setHost(consenter.host);
      entry.setPort(consenter.port);
      entry.setMspId(consenter.mspId);
      entry.setIdentity(utf8(consenter.identity));
      entry.setClientTlsCert(utf8(consenter.clientTlsCertificate));
      entry.setServerTlsCert(utf8(consenter.serverTlsCertificate));
      return entry;
    }),
  );
  return message.serializeBinary();
}

export function decodeOrderers(bytes: Uint8Array): BftConsenter[] {
  return decode(common.Orderers, bytes, 'Orderers')
    .getConsenterMappingList()
    .map((entry) => ({
      id: entry.getId(),
      host: entry.getHost(),
      port: entry.getPort(),
      mspId: entry.getMspId(),
      identity: pem(entry.getIdentity_asU8()),
      clientTlsCertificate: pem(entry.getClientTlsCert_asU8()),
      serverTlsCertificate: pem(entry.getServerTlsCert_asU8()),
    }));
}
