import test from 'node:test';
import { createMember } from '../../../packages/fabric/test/nodes/member.ts';
import { buildGenesisBlock, randomNonce } from '@guildhall/fabric';
import { createFabricModel } from '../../src/testing/index.ts';
import { portsConformance, type PortPeer } from './suite.ts';

test('the scripted model of Fabric behaves as its ports must', async () => {
  const ports = createFabricModel();
  const [ordering, ...members] = await Promise.all(['OrdererMSP', 'AcmeMSP', 'BankMSP'].map(createMember));
  if (ordering === undefined) throw new Error('there is no ordering member');
  const hosts = { orderer: '10.0.0.1', peers: ['10.0.0.2', '10.0.0.3'] };
  ports.startNode(hosts.orderer, { role: 'orderer', mspId: 'OrdererMSP' });
  const peers = await Promise.all(
    members.map(async (member, index): Promise<PortPeer> => {
      const host = hosts.peers[index] ?? '';
      ports.startNode(host, { role: 'peer', mspId: member.mspId });
      return { endpoint: { address: `${host}:7051`, tlsRoots: [member.tls.root] }, operations: { url: `http://${host}:9443` }, admin: member.admin, client: await member.client() };
    }),
  );
  const tls = (await ordering.tls.issue([{ type: 'CN', value: 'orderer' }], 'tls', { addresses: [hosts.orderer] })).certificate;
  const block = buildGenesisBlock(
    {
      channel: 'trade',
      ordering: {
        type: 'raft',
        consenters: [{ host: hosts.orderer, port: 7050, clientTlsCertificate: tls, serverTlsCertificate: tls }],
        options: { tickIntervalMs: 100, electionTick: 10, heartbeatTick: 1, maxInflightBlocks: 5, snapshotIntervalSize: 16_777_216 },
      },
      batch: { maxMessageCount: 500, absoluteMaxBytes: 10_485_760, preferredMaxBytes: 2_097_152, timeoutMs: 200 },
      capabilities: { channel: ['V3_0'], orderer: ['V2_0'], application: ['V2_5'] },
      ordererOrganizations: [{ name: 'OrdererMSP', msp: ordering.description, endpoints: [{ host: hosts.orderer, port: 7050 }] }],
      applicationOrganizations: members.map((member, index) => ({ name: member.mspId, msp: member.description, anchorPeers: [{ host: hosts.peers[index] ?? '', port: 7051 }] })),
    },
    { timestamp: new Date(), nonce: randomNonce() },
  );
  const [first, second] = peers;
  if (first === undefined || second === undefined) throw new Error('there are no two peers');
  await portsConformance({
    ports,
    orderer: { endpoint: { address: `${hosts.orderer}:7050`, tlsRoots: [ordering.tls.root] }, operations: { url: `http://${hosts.orderer}:8443` }, admin: { url: `https://${hosts.orderer}:9443` } },
    peers: [first, second],
    channel: 'trade',
    block,
    stopPeer: async (index) => ports.stop(hosts.peers[index] ?? ''),
    hangPeer: (index, hung) => ports.hang(hosts.peers[index] ?? '', hung),
  });
});
