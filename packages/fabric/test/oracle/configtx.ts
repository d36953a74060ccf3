import { join } from 'node:path';
import {
  CUSTOMARY_POLICIES,
  localMspFiles,
  printPolicy,
  type ChannelConfiguration,
  type MspDescription,
  type Policies,
} from '../../src/index.ts';
import { writeFiles } from '../nodes/member.ts';
import type { Json } from './tools.ts';

const seconds = (milliseconds: number): string => `${milliseconds / 1000}s`;
const policies = (policies: Policies): Json =>
  Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => [
      name,
      { Type: policy.kind === 'signature' ? 'Signature' : 'ImplicitMeta', Rule: printPolicy(policy) },
    ]),
  );
const capabilities = (names: readonly string[]): Json => Object.fromEntries(names.map((name) => [name, true]));

/** The same channel as input of configtxgen: configtx.yaml (JSON is YAML), MSP folders and certificates in `folder`; the profile is called Channel. */
export async function writeConfigtx(folder: string, configuration: ChannelConfiguration): Promise<void> {
  const files: Record<string, string> = {};
  const mspFolder = async (msp: MspDescription): Promise<string> => {
    const { 'signcerts/cert.pem': _, ...mspFiles } = localMspFiles(msp, msp.rootCertificates[0] ?? '');
    await writeFiles(join(folder, msp.mspId), mspFiles);
    return join(folder, msp.mspId);
  };
  const certificate = (name: string, pem: string): string => {
    files[name] = pem;
    return join(folder, name);
  };
  const { ordering, batch } = configuration;
  const consenters = ordering.consenters.map((consenter, index) => ({
    Host: consenter.host,
    Port: consenter.port,
    ClientTLSCert: certificate(`client-${index}.pem`, consenter.clientTlsCertificate),
    ServerTLSCert: certificate(`server-${index}.pem`, consenter.serverTlsCertificate),
    ...('identity' in consenter
      ? { ID: consenter.id, MSPID: consenter.mspId, Identity: certificate(`identity-${index}.pem`, consenter.identity) }
      : {}),
  }));
  const organization = async (name: string, msp: MspDescription, own: Policies): Promise<{ [key: string]: Json }> => ({
    Name: name,
    ID: msp.mspId,
    MSPDir: await mspFolder(msp),
    Policies: policies(own),
  });
  const profile = {
    Policies: policies(configuration.policies?.channel ?? CUSTOMARY_POLICIES.channel),
    Capabilities: capabilities(configuration.capabilities.channel),
    Orderer: {
      OrdererType: ordering.type === 'raft' ? 'etcdraft' : 'BFT',
      BatchTimeout: seconds(batch.timeoutMs),
      BatchSize: {
        MaxMessageCount: batch.maxMessageCount,
        AbsoluteMaxBytes: batch.absoluteMaxBytes,
        PreferredMaxBytes: batch.preferredMaxBytes,
      },
      ...(ordering.type === 'raft'
        ? {
            EtcdRaft: {
              Consenters: consenters,
              Options: {
                TickInterval: `${ordering.options.tickIntervalMs}ms`,
                ElectionTick: ordering.options.electionTick,
                HeartbeatTick: ordering.options.heartbeatTick,
                MaxInflightBlocks: ordering.options.maxInflightBlocks,
                SnapshotIntervalSize: ordering.options.snapshotIntervalSize,
              },
            },
          }
        : {
            ConsenterMapping: consenters,
            SmartBFT: {
              RequestBatchMaxCount: ordering.options.requestBatchMaxCount,
              RequestBatchMaxBytes: ordering.options.requestBatchMaxBytes,
              RequestBatchMaxInterval: '200ms',
              IncomingMessageBufferSize: ordering.options.incomingMessageBufferSize,
              RequestPoolSize: ordering.options.requestPoolSize,
              RequestForwardTimeout: '5s',
              RequestComplainTimeout: '20s',
              RequestAutoRemoveTimeout: '3m0s',
              ViewChangeResendInterval: '5s',
              ViewChangeTimeout: '20s',
              LeaderHeartbeatTimeout: '1m0s',
              LeaderHeartbeatCount: ordering.options.leaderHeartbeatCount,
              CollectTimeout: '1s',
            },
          }),
      Organizations: await Promise.all(
        configuration.ordererOrganizations.map(async ({ name, msp, endpoints, policies: own }) => ({
          ...(await organization(name, msp, own ?? CUSTOMARY_POLICIES.ordererOrganization(msp.mspId))),
          OrdererEndpoints: endpoints.map(({ host, port }) => `${host}:${port}`),
        })),
      ),
      Capabilities: capabilities(configuration.capabilities.orderer),
      Policies: policies(configuration.policies?.orderer ?? CUSTOMARY_POLICIES.orderer),
    },
    Application: {
      Organizations: await Promise.all(
        configuration.applicationOrganizations.map(async ({ name, msp, anchorPeers, policies: own }) => ({
          ...(await organization(name, msp, own ?? CUSTOMARY_POLICIES.applicationOrganization(msp.mspId))),
          AnchorPeers: anchorPeers.map(({ host, port }) => ({ Host: host, Port: port })),
        })),
      ),
      Capabilities: capabilities(configuration.capabilities.application),
      Policies: policies(configuration.policies?.application ?? CUSTOMARY_POLICIES.application),
      ACLs: { ...configuration.acls },
    },
  };
  await writeFiles(folder, { ...files, 'configtx.yaml': JSON.stringify({ Profiles: { Channel: profile } }) });
}
