import assert from 'node:assert/strict';
import test from 'node:test';
import { common } from '@hyperledger/fabric-protos';
import { exampleChannel, seed } from '../../test/example-channel.ts';
import { blockDataHash, configFromBlock, decodeBlock } from '../block/index.ts';
import { randomNonce } from '../identity/index.ts';
import { joinEnvelope } from '../proposal/index.ts';
import { buildHeader, buildPayload } from '../proposal/header.ts';
import {
  applyConfigUpdate,
  buildConfigSignature,
  buildConfigUpdateTransaction,
  buildGenesisBlock,
  computeConfigUpdate,
  decodeConfiguration,
  describeConfigurationBlock,
  joinConfigSignature,
  reviseConfig,
} from './index.ts';

const {
  configuration,
  members: { A, B },
} = await exampleChannel('raft');
const genesis = decodeBlock(buildGenesisBlock(configuration, seed()));
const first = configFromBlock(genesis);

/** The block that orderers make of a signed update. */
async function updateBlock(): Promise<Uint8Array> {
  const present = decodeConfiguration('trade', first);
  const update = computeConfigUpdate('trade', first, reviseConfig(first, { ...present, batch: { ...present.batch, timeoutMs: 300 } }));
  const signatures = await Promise.all(
    [A, B].map(async ({ admin }) => {
      const unsigned = buildConfigSignature(update, { creator: admin.identity, nonce: randomNonce() });
      return joinConfigSignature(unsigned, await admin.sign(unsigned.bytes));
    }),
  );
  const context = { creator: A.admin.identity, nonce: randomNonce(), timestamp: new Date() };
  const { bytes } = buildConfigUpdateTransaction('trade', update, signatures, context);
  const envelope = new common.ConfigEnvelope();
  envelope.setConfig(applyConfigUpdate(first, update).config);
  envelope.setLastUpdate(joinEnvelope(bytes, await A.admin.sign(bytes)));
  const { header } = buildHeader({ type: common.HeaderType.CONFIG, channel: 'trade' }, context);
  const payload = buildPayload(header, envelope.serializeBinary());
  const data = new common.BlockData();
  data.setDataList([joinEnvelope(payload, await A.admin.sign(payload)).serializeBinary()]);
  const blockHeader = new common.BlockHeader();
  blockHeader.setNumber(3);
  blockHeader.setPreviousHash(new Uint8Array(32));
  blockHeader.setDataHash(blockDataHash(data));
  const block = new common.Block();
  block.setHeader(blockHeader);
  block.setData(data);
  const metadata = new common.BlockMetadata();
  metadata.setMetadataList([new Uint8Array(), new Uint8Array(), new Uint8Array([0])]);
  block.setMetadata(metadata);
  return block.serializeBinary();
}

test('a configuration block says what changed, who signed it and where it stands', async () => {
  const described = describeConfigurationBlock(decodeBlock(await updateBlock()), first);
  assert.deepEqual([described.blockNumber, described.sequence], [3, 1]);
  assert.deepEqual(
    described.changes.map(({ path, governedBy }) => [path, governedBy]),
    [['/Channel/Orderer/BatchTimeout', '/Channel/Orderer/Admins']],
  );
  assert.match(described.words[0] ?? '', /^Orderer: BatchTimeout: .*200.*→.*300.*\.$/);
  assert.deepEqual(
    described.signers.map(({ mspId }) => mspId),
    ['AMSP', 'B-MSP'],
  );
});

test('the first block is told in words: members, ordering, batches, policies, capabilities', async () => {
  const { sequence, changes, signers, words } = describeConfigurationBlock(genesis, undefined);
  assert.deepEqual([sequence, changes, signers], [0, [], []]);
  const text = words.join('\n');
  assert.match(text, /Channel trade begins with the members AMSP, B-MSP\./);
  assert.match(text, /ordered by Raft among 127\.0\.0\.1:7050, .*, of AMSP, O\.MSP\./);
  assert.match(text, /cut after 200 ms, at 500 transactions/);
  assert.match(text, /Policy Admins of the members: more than half of the members/);
  assert.match(text, /capabilities V3_0, V2_0, V2_5\./);
  const bft = await exampleChannel('bft');
  assert.match(describeConfigurationBlock(decodeBlock(buildGenesisBlock(bft.configuration, seed())), undefined).words.join('\n'), /ordered by BFT/);
});

test('a block without a configuration is refused', () => {
  assert.throws(() => describeConfigurationBlock({ ...genesis, config: undefined }, undefined), { code: 'MALFORMED_MESSAGE' });
});
