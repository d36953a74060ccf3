import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { common, peer } from '@hyperledger/fabric-protos';
import { exampleChannel, seed } from '../../test/example-channel.ts';
import { buildGenesisBlock } from '../configuration/index.ts';
import { blockDataHash, blockHeaderHash, configFromBlock, decodeBlock, explainValidationCode, verifyLink } from './index.ts';

function block(
  number: number,
  envelopes: readonly Uint8Array[],
  options: { previous?: Uint8Array; codes?: readonly number[]; lastConfig?: number } = {},
): common.Block {
  const data = new common.BlockData();
  data.setDataList([...envelopes]);
  const header = new common.BlockHeader();
  header.setNumber(number);
  header.setPreviousHash(options.previous ?? new Uint8Array());
  header.setDataHash(blockDataHash(data));
  const lastConfig = new common.LastConfig();
  lastConfig.setIndex(options.lastConfig ?? 0);
  const signed = new common.OrdererBlockMetadata();
  signed.setLastConfig(lastConfig);
  const signatures = new common.Metadata();
  signatures.setValue(signed.serializeBinary());
  const metadata = new common.BlockMetadata();
  metadata.setMetadataList([
    signatures.serializeBinary(),
    new Uint8Array(),
    new Uint8Array(options.codes ?? []),
    new Uint8Array(),
    new Uint8Array(),
  ]);
  const message = new common.Block();
  message.setHeader(header);
  message.setData(data);
  message.setMetadata(metadata);
  return message;
}

test('the hash of a header is that of its DER encoding', () => {
  const header = new common.BlockHeader();
  header.setNumber(128);
  header.setPreviousHash(new Uint8Array(32).fill(1));
  header.setDataHash(new Uint8Array(32).fill(2));
  const der = Buffer.concat([
    Buffer.from([0x30, 72, 0x02, 2, 0x00, 0x80, 0x04, 32]),
    Buffer.alloc(32, 1),
    Buffer.from([0x04, 32]),
    Buffer.alloc(32, 2),
  ]);
  assert.deepEqual(blockHeaderHash(header), new Uint8Array(createHash('sha256').update(der).digest()));
});

test('a block whose transactions were exchanged is refused, one that does not follow too', () => {
  const first = block(4, [new Uint8Array([10, 0])], { codes: [2], lastConfig: 3 });
  const decoded = decodeBlock(first);
  assert.equal(decoded.number, 4);
  assert.equal(decoded.lastConfigBlock, 3);
  assert.equal(decoded.transactions[0]?.validationCode, 2);
  verifyLink(decoded, decodeBlock(block(5, [new Uint8Array([10, 0])], { previous: decoded.hash, codes: [2] })));
  assert.throws(() => verifyLink(decoded, decodeBlock(block(5, [new Uint8Array([10, 0])], { previous: new Uint8Array(32), codes: [2] }))), {
    code: 'INVALID_BLOCK',
  });
  assert.throws(() => verifyLink(decoded, decodeBlock(block(6, [new Uint8Array([10, 0])], { previous: decoded.hash, codes: [2] }))), {
    code: 'INVALID_BLOCK',
  });
  first.getData()!.setDataList([new Uint8Array([10, 1, 0])]);
  assert.throws(() => decodeBlock(first.serializeBinary()), { code: 'INVALID_BLOCK', message: /block 4 do not match/ });
});

test('a block that claims what cannot be is refused', () => {
  const envelope = new Uint8Array([10, 0]);
  const refused: [common.Block, RegExp][] = [
    [block(5, [envelope], { codes: [2], lastConfig: 6 }), /Block 5 names block 6 as its newest configuration/],
    [block(5, [envelope], { codes: [2], previous: new Uint8Array(200) }), /something that is no hash/],
    [block(2 ** 60, [envelope], { codes: [2] }), /No channel has as many blocks/],
  ];
  for (const [lying, message] of refused) assert.throws(() => decodeBlock(lying.serializeBinary()), { code: 'INVALID_BLOCK', message });
});

test('a genesis block holds a configuration, another block does not', async () => {
  const { configuration } = await exampleChannel('raft');
  const decoded = decodeBlock(buildGenesisBlock(configuration, seed()));
  assert.equal(decoded.transactions[0]?.type, 'configuration');
  assert.equal(decoded.transactions[0]?.creator, undefined);
  assert.ok(decoded.config);
  assert.throws(() => configFromBlock(block(1, [])), { code: 'MALFORMED_MESSAGE', message: /Block 1 holds no configuration/ });
});

test('a transaction that cannot be read stays in the block with its verdict', () => {
  const garbage = new Uint8Array([0xff, 0xff]);
  const [transaction] = decodeBlock(block(9, [garbage], { codes: [2] })).transactions;
  assert.deepEqual([transaction?.type, transaction?.validationCode, transaction?.actions], ['other', 2, []]);
  assert.throws(
    () => decodeBlock(block(9, [garbage], { codes: [0] })),
    { code: 'MALFORMED_MESSAGE' },
    'what the peers found valid must be readable',
  );
});

test('every validation code of Fabric is explained under its own name', () => {
  for (const [name, code] of Object.entries(peer.TxValidationCode)) {
    const verdict = explainValidationCode(code);
    assert.equal(verdict.name, name);
    assert.ok(verdict.meaning.length > 10 && verdict.nextAction.length > 5);
  }
  assert.equal(explainValidationCode(11).resubmit, true);
  assert.equal(explainValidationCode(99).name, 'CODE_99');
});
