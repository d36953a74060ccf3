import assert from 'node:assert/strict';
import test from 'node:test';
import { common } from '@hyperledger/fabric-protos';
import { exampleChannel, seed } from '../../test/example-channel.ts';
import { configFromBlock } from '../block/index.ts';
import { randomNonce, serializeIdentity, verifySignature } from '../identity/index.ts';
import {
  applyConfigUpdate,
  buildConfigSignature,
  buildConfigUpdateTransaction,
  buildGenesisBlock,
  computeConfigUpdate,
  decodeConfigSignature,
  decodeConfigUpdateTransaction,
  decodeConfiguration,
  joinConfigSignature,
  reviseConfig,
} from './index.ts';

const {
  configuration,
  members: { A, B },
} = await exampleChannel('raft');
const genesis = configFromBlock(buildGenesisBlock(configuration, seed()));
const present = decodeConfiguration('trade', genesis);
const update = computeConfigUpdate('trade', genesis, reviseConfig(genesis, { ...present, batch: { ...present.batch, timeoutMs: 300 } }));

test('an update is signed in halves, and the signer reads the update in what it signs', async () => {
  const unsigned = buildConfigSignature(update, { creator: A.admin.identity, nonce: randomNonce() });
  assert.deepEqual(decodeConfigSignature(unsigned.bytes, A.admin.identity), { update, signatureHeader: unsigned.signatureHeader });
  assert.throws(() => decodeConfigSignature(unsigned.bytes, B.admin.identity), { code: 'MALFORMED_MESSAGE' });
  assert.throws(() => decodeConfigSignature(update, A.admin.identity), { code: 'MALFORMED_MESSAGE' });

  const signature = joinConfigSignature(unsigned, await A.admin.sign(unsigned.bytes));
  const { bytes } = buildConfigUpdateTransaction('trade', update, [signature], {
    creator: B.admin.identity,
    nonce: randomNonce(),
    timestamp: new Date(),
  });
  const decoded = decodeConfigUpdateTransaction(bytes);
  assert.deepEqual(decoded.update, update);
  assert.equal(
    verifySignature(
      A.admin.identity,
      Buffer.concat([decoded.signatures[0]!.signatureHeader, decoded.update]),
      decoded.signatures[0]!.signature,
    ),
    true,
  );
});

/** The update with something slipped in that its reader might overlook. */
function smuggled(change: (update: common.ConfigUpdate) => void): Uint8Array {
  const message = common.ConfigUpdate.deserializeBinary(update);
  change(message);
  return message.serializeBinary();
}

test('an update that hides, reaches beyond or contradicts itself is refused', () => {
  const value = new common.ConfigValue();
  value.setValue(serializeIdentity(A.admin.identity));
  value.setModPolicy('Admins');
  const orderer = (update: common.ConfigUpdate): common.ConfigGroup => update.getWriteSet()!.getGroupsMap().get('Orderer')!;
  const refused: [string, Uint8Array, RegExp][] = [
    ['a second update behind it', Buffer.concat([update, update]), /not its plain encoding/],
    ['isolated data', smuggled((message) => message.getIsolatedDataMap().set('x', new Uint8Array([1]))), /data that Fabric does not use/],
    [
      'a new value in a group that is not written',
      smuggled((message) => orderer(message).getValuesMap().set('New', value)),
      /names New in \/Channel\/Orderer, which would not be there/,
    ],
    [
      'a version skipped',
      smuggled((message) => orderer(message).getValuesMap().get('BatchTimeout')!.setVersion(2)),
      /version 2 where version 1 is next/,
    ],
    [
      'another version read',
      smuggled((message) => message.getReadSet()!.setVersion(1)),
      /expects \/Channel at version 1, it is at version 0/,
    ],
    [
      'something read that is not there',
      smuggled((message) => message.getReadSet()!.getValuesMap().set('New', value)),
      /names New in \/Channel/,
    ],
  ];
  for (const [name, bytes, message] of refused) assert.throws(() => applyConfigUpdate(genesis, bytes), { message }, name);
});
