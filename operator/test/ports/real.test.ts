import test from 'node:test';
import { contractPackage } from '@guildhall/agreement';
import { startNetwork } from '../../../packages/fabric/test/network.ts';
import { createFabricPorts } from '../../src/fabric/ports.ts';
import { portContract, portsConformance, type PortPeer } from './suite.ts';

test('real nodes behave as the ports say', async (t) => {
  const network = await startNetwork({ type: 'raft', orderers: 1, mspIds: ['AcmeMSP', 'BankMSP'] });
  t.after(() => network.stop());
  const ports = createFabricPorts();
  t.after(() => ports.close());
  // The peers' builder reads an address when the package is installed; nothing has to listen there.
  await network.contract(contractPackage('receivable', portContract).label);
  const peers = await Promise.all(
    network.peers.map(async ({ endpoint, operations, member }): Promise<PortPeer> => ({ endpoint, operations, admin: member.admin, client: await member.client() })),
  );
  const [orderer] = network.orderers;
  const [first, second] = peers;
  if (orderer === undefined || first === undefined || second === undefined) throw new Error('the network is not complete');
  await portsConformance({
    ports,
    orderer: { endpoint: orderer.endpoint, operations: orderer.operations, admin: orderer.admin },
    peers: [first, second],
    channel: 'trade',
    block: network.genesis('trade'),
    stopPeer: async (index) => network.peers[index]?.process().kill(),
    hangPeer: (index, hung) => network.peers[index]?.process().signal(hung ? 'SIGSTOP' : 'SIGCONT'),
  });
});
