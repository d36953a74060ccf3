import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { contractDefinition, contractPackage } from '@guildhall/agreement';
import { buildProposal, decodeBlock, FabricError, randomNonce, type Call, type HttpEndpoint, type NodeEndpoint, type Signer } from '@guildhall/fabric';
import type { FabricPorts, SignedBytes } from '../../src/index.ts';

export interface PortPeer {
  endpoint: NodeEndpoint;
  operations: HttpEndpoint;
  admin: Signer;
  client: Signer;
}

/** One orderer and the peers of two members, started and in no channel. */
export interface PortNetwork {
  ports: FabricPorts;
  orderer: { endpoint: NodeEndpoint; operations: HttpEndpoint; admin: HttpEndpoint };
  peers: readonly [PortPeer, PortPeer];
  channel: string;
  block: Uint8Array;
  /** The peer's process ends. */
  stopPeer(index: number): Promise<void>;
  /** The peer's process runs and does nothing, or goes on. */
  hangPeer(index: number, hung: boolean): void;
}

export const portContract = { channel: 'trade', version: '1', artifactDigest: `sha256:${'ab'.repeat(32)}`, endorsementPolicy: '' };
const name = 'receivable';
const never = new AbortController().signal;
const look = { timeoutMs: 5_000, signal: never };

async function signed(signer: Signer, bytes: Uint8Array): Promise<SignedBytes> {
  return { bytes, signature: await signer.sign(bytes) };
}
const proposal = (signer: Signer, call: Call): Promise<SignedBytes> =>
  signed(signer, buildProposal(call, { creator: signer.identity, nonce: randomNonce(), timestamp: new Date() }).bytes);

async function refusal(call: Promise<unknown>): Promise<FabricError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof FabricError, `a FabricError was expected, not ${String(error)}`);
  return error;
}

async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 120_000; !(await holds()); await delay(20)) if (Date.now() > deadline) throw new Error(`${what} does not come true`);
}

/** What controllers rely on, in the order of a network's life. The model must behave as real nodes do. */
export async function portsConformance(network: PortNetwork): Promise<void> {
  await nodesJoin(network);
  await contractIsInstalled(network);
  await contractIsApproved(network);
  await contractIsCommitted(network);
  await peerHangs(network);
  await peerEnds(network);
  await ordererLeaves(network);
}

const definition = contractDefinition(name, portContract, 1);

async function nodesJoin({ ports, orderer, peers, channel, block }: PortNetwork): Promise<void> {
  const [first] = peers;

  const fresh = await ports.orderers.inspect(orderer.operations, look);
  assert.deepEqual([fresh.healthy, fresh.contact, fresh.channels], [true, 'answers', []], 'a new orderer is well and in no channel');
  assert.deepEqual((await ports.peers.inspect(first.operations, look)).channels, []);
  for (const asked of [ports.channels.chainInfo, ports.channels.configuration]) {
    assert.equal((await refusal(asked(first.endpoint, first.client, channel, never))).code, 'CHANNEL_NOT_FOUND');
  }

  await ports.orderers.join(orderer.admin, block, never);
  await ports.orderers.join(orderer.admin, block, never);
  await eventually('the orderer leads', async () => (await ports.orderers.inspect(orderer.operations, look)).channels[0]?.leader === true);
  const joined = (await ports.orderers.inspect(orderer.operations, look)).channels[0];
  assert.deepEqual([joined?.name, joined?.relation, joined?.status, joined?.height], [channel, 'consenter', 'active', 1]);

  for (const { endpoint, operations, admin } of peers) {
    const join = await proposal(admin, { kind: 'JoinChain', block });
    await ports.peers.join(endpoint, join, never);
    await ports.peers.join(endpoint, join, never);
    assert.deepEqual((await ports.peers.inspect(operations, look)).channels, [{ name: channel, height: 1 }], 'a join shows at once');
  }
  const [one, other] = await Promise.all(peers.map(({ endpoint, client }) => ports.channels.chainInfo(endpoint, client, channel, never)));
  assert.deepEqual([one?.height, Buffer.from(one?.currentBlockHash ?? [])], [other?.height, Buffer.from(other?.currentBlockHash ?? [])]);
  const { hash } = decodeBlock(block);
  assert.deepEqual(await ports.channels.configuration(first.endpoint, first.client, channel, never), { sequence: 0, block: 0, hash });
}

const pack = contractPackage(name, portContract);

async function contractIsInstalled({ ports, peers: [first] }: PortNetwork): Promise<void> {
  const install = await proposal(first.admin, { kind: 'InstallChaincode', package: pack.bytes });
  assert.equal(await ports.peers.install(first.endpoint, install, never), pack.packageId);
  assert.equal(await ports.peers.install(first.endpoint, install, never), pack.packageId, 'a second install is as good');
}

const routeOf = ({ orderer }: PortNetwork, { endpoint, client }: PortPeer) => ({ orderers: [orderer.endpoint], peer: endpoint, reader: client });

async function contractIsApproved(network: PortNetwork): Promise<void> {
  const { ports, peers, channel } = network;
  const [first] = peers;
  assert.equal(await ports.channels.committed(first.endpoint, first.client, channel, name, never), undefined);
  assert.deepEqual(Object.values((await ports.channels.readiness(first.endpoint, first.client, channel, definition, never)).approvals), [false, false]);

  const early = await proposal(first.client, { kind: 'CommitChaincodeDefinition', channel, definition });
  assert.match((await refusal(ports.channels.endorse([first.endpoint], early, never))).message, /not agreed to by this org/);

  for (const party of peers) {
    const approval = await proposal(party.admin, { kind: 'ApproveChaincodeDefinitionForMyOrg', channel, definition, packageId: pack.packageId });
    const endorsed = await ports.channels.endorse([party.endpoint], approval, never);
    const transaction = await signed(party.admin, endorsed.bytes);
    await ports.channels.submit(routeOf(network, party), transaction, never);
    await ports.channels.submit(routeOf(network, party), transaction, never);
    const again = await proposal(party.admin, { kind: 'ApproveChaincodeDefinitionForMyOrg', channel, definition, packageId: pack.packageId });
    assert.match((await refusal(ports.channels.endorse([party.endpoint], again, never))).message, /with unchanged content/);
  }
  await eventually('both approvals show', async () => Object.values((await ports.channels.readiness(first.endpoint, first.client, channel, definition, never)).approvals).every(Boolean));
}

async function contractIsCommitted(network: PortNetwork): Promise<void> {
  const { ports, peers, channel } = network;
  const [first] = peers;
  const commit = await proposal(first.client, { kind: 'CommitChaincodeDefinition', channel, definition });
  await eventually('both peers endorse the commit', async () =>
    ports.channels.endorse(peers.map(({ endpoint }) => endpoint), commit, never).then(
      () => true,
      () => false,
    ),
  );
  const endorsed = await ports.channels.endorse(peers.map(({ endpoint }) => endpoint), commit, never);
  await ports.channels.submit(routeOf(network, first), await signed(first.client, endorsed.bytes), never);
  const committed = await ports.channels.committed(first.endpoint, first.client, channel, name, never);
  assert.deepEqual([committed?.definition, Object.values(committed?.approvals ?? {})], [definition, [true, true]]);
  assert.match((await refusal(ports.channels.readiness(first.endpoint, first.client, channel, definition, never))).message, /new definition must be sequence 2/);
  const late = await proposal(first.client, { kind: 'CommitChaincodeDefinition', channel, definition });
  assert.match((await refusal(ports.channels.endorse([first.endpoint], late, never))).message, /new definition must be sequence 2/);
  await eventually('the peers are level', async () => {
    const heights = await Promise.all(peers.map(({ operations }) => ports.peers.inspect(operations, look)));
    return heights.every(({ channels }) => channels[0]?.height === 4);
  });
}

/** Silence is told apart from absence, and what was silent is in its channels afterwards. */
async function peerHangs({ ports, peers: [, second], hangPeer }: PortNetwork): Promise<void> {
  hangPeer(1, true);
  const silent = await ports.peers.inspect(second.operations, { timeoutMs: 500, signal: never });
  assert.deepEqual([silent.healthy, silent.contact, silent.channels], [false, 'silent', []]);
  hangPeer(1, false);
  await eventually('the peer answers again', async () => {
    const { healthy, contact, channels } = await ports.peers.inspect(second.operations, look);
    return healthy && contact === 'answers' && channels.length === 1;
  });
}

/** Its metrics go on to show a channel that an orderer has left: that it is in one is certain only when a join said so. */
async function ordererLeaves({ ports, orderer, channel, block }: PortNetwork): Promise<void> {
  await ports.orderers.leave(orderer.admin, channel, never);
  await ports.orderers.leave(orderer.admin, channel, never);
  assert.deepEqual((await ports.orderers.inspect(orderer.operations, look)).channels.map(({ name: shown }) => shown), [channel]);
  await eventually('it can join again', async () => ports.orderers.join(orderer.admin, block, never).then(() => true, () => false));
}

async function peerEnds({ ports, peers: [first, second], channel, stopPeer }: PortNetwork): Promise<void> {
  await stopPeer(1);
  const gone = await ports.peers.inspect(second.operations, look);
  assert.deepEqual([gone.healthy, gone.contact, gone.channels], [false, 'unreachable', []]);
  const error = await refusal(ports.channels.chainInfo(second.endpoint, second.client, channel, never));
  assert.deepEqual([error.code, error.retryable], ['UNREACHABLE', true]);
  const next = await proposal(first.admin, { kind: 'ApproveChaincodeDefinitionForMyOrg', channel, definition: contractDefinition(name, { ...portContract, version: '2' }, 2), packageId: pack.packageId });
  assert.equal((await refusal(ports.channels.endorse([first.endpoint, second.endpoint], next, never))).retryable, true, 'who cannot be asked may be back later');
}
