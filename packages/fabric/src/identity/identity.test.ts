import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import test from 'node:test';
import { authorityExtensions, createSigner as createKeySigner, selfSignCertificate } from '@guildhall/pki';
import { createSigner, parseIdentity, randomNonce, serializeIdentity, transactionId, verifySignature } from './index.ts';

async function member(namedCurve: 'P-256' | 'P-384' = 'P-256'): Promise<{ identity: { mspId: string; certificate: string }; key: string }> {
  const key = generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const template = {
    subject: [{ type: 'CN', value: 'admin' }],
    notAfter: new Date(Date.now() + 3_600_000),
    ...authorityExtensions(0),
  } as const;
  const certificate = await selfSignCertificate(template, createKeySigner(key), { now: new Date() });
  return { identity: { mspId: 'BankMSP', certificate: certificate.pem }, key };
}

test('a member signs with its own key, and only that signature counts', async () => {
  const [bank, other] = [await member(), await member()];
  const message = Buffer.from('a proposal');
  const signature = await createSigner(bank.identity, bank.key).sign(message);
  assert.equal(verifySignature(bank.identity, message, signature), true);
  assert.equal(verifySignature(bank.identity, Buffer.from('another proposal'), signature), false);
  assert.equal(verifySignature(other.identity, message, signature), false);
  assert.equal(verifySignature(bank.identity, message, new Uint8Array([1, 2, 3])), false);
});

test('keys and certificates that Fabric would refuse are refused first', async () => {
  const [bank, other, large] = [await member(), await member(), await member('P-384')];
  assert.throws(() => createSigner(bank.identity, other.key), { name: 'IdentityError', code: 'INVALID_KEY', message: /does not belong/ });
  assert.throws(
    () => createSigner(bank.identity, 'secret'),
    (error: Error) => {
      assert.equal(error.message.includes('secret'), false, 'a key is never quoted');
      return 'code' in error && error.code === 'INVALID_KEY';
    },
  );
  assert.throws(() => createSigner({ ...bank.identity, certificate: 'none' }, bank.key), { code: 'INVALID_CERTIFICATE' });
  assert.throws(() => createSigner(large.identity, large.key), { code: 'INVALID_CERTIFICATE', message: /not on P-256/ });
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
