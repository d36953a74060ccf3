import {
  randomNonce,
  type BftOptions,
  type ChannelConfiguration,
  type MspDescription,
  type Ordering,
  type RaftOptions,
} from '../src/index.ts';
import { createMember, subjectOf, type TestMember } from './nodes/member.ts';

export const RAFT: RaftOptions = {
  tickIntervalMs: 500,
  electionTick: 10,
  heartbeatTick: 1,
  maxInflightBlocks: 5,
  snapshotIntervalSize: 16_777_216,
};
export const BFT: BftOptions = {
  requestBatchMaxCount: 100,
  requestBatchMaxBytes: 10_485_760,
  requestBatchMaxIntervalMs: 200,
  incomingMessageBufferSize: 200,
  requestPoolSize: 100_000,
  requestForwardTimeoutMs: 5000,
  requestComplainTimeoutMs: 20_000,
  requestAutoRemoveTimeoutMs: 180_000,
  requestMaxBytes: 0,
  viewChangeResendIntervalMs: 5000,
  viewChangeTimeoutMs: 20_000,
  leaderHeartbeatTimeoutMs: 60_000,
  leaderHeartbeatCount: 10,
  collectTimeoutMs: 1000,
  syncOnStart: false,
  speedUpViewChange: false,
};

export const mspOf = ({ mspId, signing, tls }: TestMember): MspDescription => ({
  mspId,
  rootCertificates: [signing.root],
  intermediateCertificates: [signing.issuing],
  tlsRootCertificates: [tls.root],
  tlsIntermediateCertificates: [tls.issuing],
});

export const seed = (): { timestamp: Date; nonce: Uint8Array } => ({ timestamp: new Date(), nonce: randomNonce() });

/** Two endorsing members and two ordering ones with two orderers each; one member does both. */
export async function exampleChannel(
  type: 'raft' | 'bft',
): Promise<{ configuration: ChannelConfiguration; members: Readonly<Record<'A' | 'B' | 'O', TestMember>> }> {
  const [A, B, O] = await Promise.all([createMember('AMSP'), createMember('B-MSP'), createMember('O.MSP')]);
  const consenters = await Promise.all(
    [A, O, A, O].map(async (member, index) => {
      const host = `127.0.0.${index + 1}`;
      const { certificate } = await member.tls.issue(subjectOf(`orderer${index}`, 'orderer'), 'tls', { addresses: [host] });
      const identity = await member.signing.issue(subjectOf(`orderer${index}`, 'orderer'), 'identity');
      return {
        id: index + 1,
        mspId: member.mspId,
        identity: identity.certificate,
        host,
        port: 7050,
        clientTlsCertificate: certificate,
        serverTlsCertificate: certificate,
      };
    }),
  );
  const ordering: Ordering =
    type === 'raft'
      ? {
          type,
          options: RAFT,
          consenters: consenters.map(({ host, port, clientTlsCertificate, serverTlsCertificate }) => ({
            host,
            port,
            clientTlsCertificate,
            serverTlsCertificate,
          })),
        }
      : { type, options: BFT, consenters };
  const endpointsOf = (member: TestMember): { host: string; port: number }[] =>
    consenters.filter(({ mspId }) => mspId === member.mspId).map(({ host, port }) => ({ host, port }));
  const configuration: ChannelConfiguration = {
    channel: 'trade',
    ordering,
    batch: { maxMessageCount: 500, absoluteMaxBytes: 10_485_760, preferredMaxBytes: 2_097_152, timeoutMs: 200 },
    capabilities: { channel: ['V3_0'], orderer: ['V2_0'], application: ['V2_5'] },
    ordererOrganizations: [A, O].map((member) => ({ name: member.mspId, msp: mspOf(member), endpoints: endpointsOf(member) })),
    applicationOrganizations: [A, B].map((member) => ({
      name: member.mspId,
      msp: mspOf(member),
      anchorPeers: member === B ? [] : [{ host: '127.0.0.9', port: 7051 }],
    })),
    acls: { 'qscc/GetBlockByNumber': '/Channel/Application/Admins' },
  };
  return { configuration, members: { A, B, O } };
}
