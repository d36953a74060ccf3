import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import test from 'node:test';
import * as fc from 'fast-check';
import { isLowS, toLowSDer } from './low-s.ts';
import { parseIdentity, randomNonce, serializeIdentity, transactionId } from './index.ts';

test('a signature is always the low one of the two, and verifies', () => {
  for (const curve of ['prime256v1', 'secp384r1'] as const) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
    for (let i = 0; i < 40; i++) {
      const message = Buffer.from(`message ${i}`);
      const der = toLowSDer(sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }), curve);
      assert.ok(isLowS(der, curve));
      assert.ok(verify('sha256', message, publicKey, der));
    }
  }
});

test('the high s is recognised, whatever is not a signature is refused', () => {
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const raw = (s: bigint): Uint8Array => Buffer.from(`${'01'.padStart(64, '0')}${s.toString(16).padStart(64, '0')}`, 'hex');
  const low = toLowSDer(raw(n - 5n), 'prime256v1');
  assert.deepEqual(low, new Uint8Array([0x30, 6, 2, 1, 1, 2, 1, 5]));
  const sBytes = Buffer.from((n - 5n).toString(16), 'hex');
  const high = Buffer.concat([Buffer.from([0x30, 0, 2, 1, 1, 2, sBytes.length + 1, 0]), sBytes]);
  high[1] = high.length - 2;
  assert.equal(isLowS(high, 'prime256v1'), false);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 7 }), (bytes) => {
    assert.throws(() => isLowS(bytes, 'prime256v1'), { code: 'INVALID_SIGNATURE' });
  }));
});

test('an identity survives its bytes, and bytes with something hidden are refused', () => {
  const identity = { mspId: 'BankMSP', certificate: '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n' };
  const bytes = serializeIdentity(identity);
  assert.deepEqual(parseIdentity(bytes), identity);
  const other = serializeIdentity({ ...identity, mspId: 'OtherMSP' });
  assert.throws(() => parseIdentity(Buffer.concat([bytes, other])), { code: 'MALFORMED_MESSAGE' });
  assert.throws(() => serializeIdentity({ mspId: 'BankMSP', certificate: 'not a certificate' }), { code: 'INVALID_CERTIFICATE' });
});

test('a transaction id is the hash of nonce and creator', () => {
  assert.equal(transactionId(new Uint8Array([1]), new Uint8Array([2])), 'a12871fee210fb8619291eaea194581cbd2531e4b23759d225f6806923f63222');
  assert.equal(randomNonce().length, 24);
});
