import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { type ChannelConfiguration, buildGenesisBlock, decodeBlock, outOf, parsePolicy, signedByRole } from '../src/index.ts';
import { exampleChannel, seed } from './example-channel.ts';
import { writeConfigtx } from './oracle/configtx.ts';
import { fabricTool, scratchFolder, translate, type Json } from './oracle/tools.ts';

/** Both blocks as configtxlator reads them, without what is meant to differ: time, nonce, and the hash and id that follow from them. */
async function compareWithConfigtxgen(configuration: ChannelConfiguration): Promise<void> {
  await using folder = await scratchFolder();
  await writeConfigtx(folder.path, configuration);
  const output = join(folder.path, 'genesis.block');
  await fabricTool('configtxgen', ['-profile', 'Channel', '-channelID', configuration.channel, '-outputBlock', output], {
    FABRIC_CFG_PATH: folder.path,
  });
  const theirs = withoutAccidents(await translate(folder.path, 'common.Block', await readFile(output)));
  const ours = withoutAccidents(await translate(folder.path, 'common.Block', buildGenesisBlock(configuration, seed())));
  assert.deepEqual(ours, theirs);
}

function withoutAccidents(json: Json): Json {
  if (Array.isArray(json)) return json.map(withoutAccidents);
  if (json === null || typeof json !== 'object') return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      ['timestamp', 'nonce', 'tx_id', 'data_hash'].includes(key) ? null : withoutAccidents(value),
    ]),
  );
}

for (const type of ['raft', 'bft'] as const) {
  test(`our genesis block for ${type} means what configtxgen's does`, async () => {
    const { configuration } = await exampleChannel(type);
    await compareWithConfigtxgen(configuration);
  });
}

test('policies of our own, and capabilities of Fabric 2.5, mean the same', async () => {
  const { configuration } = await exampleChannel('raft');
  const policies = (...rules: string[]): Record<string, ReturnType<typeof parsePolicy>> =>
    Object.fromEntries(
      ['Readers', 'Writers', 'Admins', 'BlockValidation'].map((name, index) => [name, parsePolicy(rules[index] ?? 'ANY Writers')]),
    );
  await compareWithConfigtxgen({
    ...configuration,
    capabilities: { channel: ['V2_0'], orderer: ['V2_0'], application: ['V2_5'] },
    policies: {
      channel: policies('ANY Readers', 'ALL Writers', 'MAJORITY Admins'),
      orderer: policies(
        `OR('AMSP.member', 'O.MSP.orderer')`,
        'ANY Writers',
        `OutOf(2, 'AMSP.admin', 'O.MSP.admin', AND('B-MSP.admin', OR('AMSP.peer', 'B-MSP.client')))`,
      ),
      application: { ...policies(), LifecycleEndorsement: { kind: 'signature', rule: outOf(1, [signedByRole('B-MSP', 'peer')]) } },
    },
    acls: {},
  });
});

test('the same input gives the same bytes, whatever the order of members or the spelling of certificates', async () => {
  const { configuration } = await exampleChannel('bft');
  const fixed = seed();
  const spelled = (pem: string): string => `\n${pem.replaceAll('\n', '\r\n')}`;
  const other: ChannelConfiguration = {
    ...configuration,
    ordererOrganizations: configuration.ordererOrganizations
      .toReversed()
      .map((organization) => ({
        ...organization,
        msp: { ...organization.msp, rootCertificates: organization.msp.rootCertificates.map(spelled) },
      })),
    applicationOrganizations: configuration.applicationOrganizations
      .toReversed()
      .map((organization) => ({
        ...organization,
        msp: { ...organization.msp, rootCertificates: organization.msp.rootCertificates.map(spelled) },
      })),
  };
  const bytes = buildGenesisBlock(configuration, fixed);
  assert.deepEqual(buildGenesisBlock(other, fixed), bytes);
  assert.notDeepEqual(buildGenesisBlock(configuration, { ...fixed, nonce: new Uint8Array(24) }), bytes);
  const block = decodeBlock(bytes);
  assert.equal(block.channel, 'trade');
  assert.equal(block.number, 0);
  assert.equal(block.lastConfigBlock, 0);
});
