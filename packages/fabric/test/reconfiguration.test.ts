import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import {
  buildConfigSignature,
  buildConfigUpdateTransaction,
  computeConfigUpdate,
  configFromBlock,
  configurationFromOrderer,
  configurationFromOrderers,
  configurationFromPeer,
  decodeConfiguration,
  inspectOrderer,
  joinConfigSignature,
  joinEnvelope,
  joinPeer,
  randomNonce,
  reviseConfig,
  submitConfigurationUpdate,
  type ConfigurationUpdate,
  type CurrentConfiguration,
  type Signer,
} from '../src/index.ts';
import { cliEnvironment, startNetwork, type TestNetwork } from './network.ts';
import { until } from './nodes/process.ts';
import { fabricPrograms } from './nodes/programs.ts';

const run = promisify(execFile);
const CHANNEL = 'trade';

/** Signs with the ordering member's administrator a new batch timeout. */
async function batchTimeoutUpdate(admin: Signer, current: CurrentConfiguration, timeoutMs: number): Promise<ConfigurationUpdate> {
  const description = decodeConfiguration(CHANNEL, current.config);
  const update = computeConfigUpdate(
    CHANNEL,
    current.config,
    reviseConfig(current.config, { ...description, batch: { ...description.batch, timeoutMs } }),
  );
  const unsigned = buildConfigSignature(update, { creator: admin.identity, nonce: randomNonce() });
  const signature = joinConfigSignature(unsigned, await admin.sign(unsigned.bytes));
  const transaction = buildConfigUpdateTransaction(CHANNEL, update, [signature], {
    creator: admin.identity,
    nonce: randomNonce(),
    timestamp: new Date(),
  });
  return { channel: CHANNEL, envelope: joinEnvelope(transaction.bytes, await admin.sign(transaction.bytes)), sequence: current.sequence };
}

const batchTimeoutOf = ({ config }: CurrentConfiguration): number => decodeConfiguration(CHANNEL, config).batch.timeoutMs;

for (const { type, orderers } of [
  { type: 'raft', orderers: 1 },
  { type: 'bft', orderers: 4 },
] as const) {
  describe(`a channel of ${orderers} ${type} orderers`, () => {
    let network: TestNetwork;
    let admin: Signer;
    before(async () => {
      network = await startNetwork({ type, orderers, mspIds: ['AcmeMSP'] });
      admin = network.ordering.admin;
    });
    after(() => network.stop());
    const first = () => network.ordererNodes.nodes.slice(0, 1);
    const current = () => configurationFromOrderers(network.connections, network.ordererNodes.nodes, admin, CHANNEL);

    test('joins, with every orderer a consenter, and one leads', async () => {
      const genesis = network.genesis(CHANNEL);
      await network.joinOrderers(CHANNEL, genesis);
      const [peer] = network.peers;
      assert.ok(peer);
      await joinPeer({ connections: network.connections, node: peer.endpoint }, peer.member.admin, genesis);
      await until('an orderer leads', async () => {
        const all = await Promise.all(network.orderers.map((orderer) => inspectOrderer(orderer)));
        return all.filter(({ channels }) => channels[0]?.leader).length === 1 || undefined;
      });
      const configuration = await current();
      assert.deepEqual(
        [configuration.sequence, configuration.number, Buffer.from(configuration.block).equals(Buffer.from(genesis))],
        [0, 0, true],
      );
    });

    test('commits a configuration update, and every node has it', async () => {
      const before = await current();
      const committed = await submitConfigurationUpdate(
        network.connections,
        network.ordererNodes,
        admin,
        await batchTimeoutUpdate(admin, before, 123),
      );
      assert.deepEqual([committed.sequence, batchTimeoutOf(committed)], [1, 123]);
      for (const { endpoint } of network.orderers) {
        await until(
          `${endpoint.address} has the update`,
          async () => (await configurationFromOrderer(network.connections, endpoint, admin, CHANNEL)).sequence === 1 || undefined,
        );
      }
      const [peer] = network.peers;
      assert.ok(peer);
      await until(
        'the peer has the update',
        async () =>
          (await configurationFromPeer(network.connections, peer.endpoint, peer.member.admin, CHANNEL)).sequence === 1 || undefined,
      );
    });

    test("Fabric's own peer fetches the same configuration block", async () => {
      const [peer] = network.peers;
      assert.ok(peer);
      const programs = fabricPrograms();
      const env = await cliEnvironment(network, peer, programs.configDir);
      const file = join(network.folder, 'config.block');
      await run(
        programs.path('peer'),
        ['channel', 'fetch', 'config', file, '-c', CHANNEL, '-o', first()[0]?.address ?? '', '--tls', '--cafile', env['ORDERER_CA'] ?? ''],
        { env },
      );
      const fetched = new Uint8Array(await readFile(file));
      assert.equal(configFromBlock(fetched).getSequence(), 1);
      // BFT orderers sign a block each for itself: what is signed is the same, the list of signatures is not.
      assert.deepEqual(configFromBlock(fetched).serializeBinary(), (await current()).config.serializeBinary());
    });

    test('an update computed from an older configuration is a conflict', async () => {
      const before = await current();
      const late = await batchTimeoutUpdate(admin, before, 300);
      await submitConfigurationUpdate(network.connections, network.ordererNodes, admin, await batchTimeoutUpdate(admin, before, 200));
      await until('the late update is refused as a conflict', () =>
        submitConfigurationUpdate(network.connections, network.ordererNodes, admin, late, { timeoutMs: 2_000 }).then(
          () => undefined,
          (error: { code: string }) => (error.code === 'CONFIG_CONFLICT' ? true : undefined),
        ),
      );
      assert.equal(batchTimeoutOf(await current()), 200);
    });

    test("an update that only another member's administrator signed is refused", async () => {
      const [member] = network.members;
      assert.ok(member);
      await assert.rejects(
        submitConfigurationUpdate(
          network.connections,
          network.ordererNodes,
          member.admin,
          await batchTimeoutUpdate(member.admin, await current(), 400),
        ),
        { name: 'SubmitError' },
      );
    });

    if (type === 'bft') {
      test('commits with one of four down, and with two down a quorum is missing', async () => {
        const [, , third, fourth] = network.orderers;
        assert.ok(third && fourth);
        await fourth.process().kill();
        const committed = await submitConfigurationUpdate(
          network.connections,
          network.ordererNodes,
          admin,
          await batchTimeoutUpdate(admin, await current(), 500),
        );
        assert.equal(batchTimeoutOf(committed), 500);
        await third.process().kill();
        await assert.rejects(
          submitConfigurationUpdate(
            network.connections,
            network.ordererNodes,
            admin,
            await batchTimeoutUpdate(admin, await current(), 600),
          ),
          { code: 'ORDERERS_UNAVAILABLE' },
        );
      });
    }
  });
}
