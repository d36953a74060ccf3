import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { test } from 'node:test';
import { curves } from './curves.ts';
import { publicKeyObject } from './keys.ts';
import { createSigner, generateKeyPair, verifySignature } from './index.ts';
import { isLowS, toLowS, verifyAnyS } from './signature.ts';

const [p256] = curves;
assert(p256 !== undefined);

test('every signature is low-S and verifies with node:crypto', async () => {
  const { privateKeyPem, publicKey } = await generateKeyPair();
  const signer = createSigner(privateKeyPem);
  for (let i = 0; i < 64; i++) {
    const message = Buffer.from(`message ${i}`);
    const signature = await signer.sign(message);
    assert(isLowS(signature, p256));
    assert(verify('sha256', message, publicKeyObject(publicKey), signature));
    assert(verifySignature(publicKey, message, signature));
    assert(!verifySignature(publicKey, Buffer.from('another'), signature));
  }
});

test('a high-S signature, valid by mathematics, is refused until it is normalised', async () => {
  const { privateKeyPem, publicKey } = await generateKeyPair();
  const message = Buffer.from('message');
  let high: Buffer;
  do high = sign('sha256', message, privateKeyPem);
  while (isLowS(high, p256));
  assert(verifyAnyS(publicKey, message, high));
  assert(!verifySignature(publicKey, message, high));
  assert(verifySignature(publicKey, message, toLowS(high, p256)));
});

test('P-384 keys sign with SHA-384', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
  const signer = createSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  assert.equal(signer.algorithm, 'P-384');
  const message = Buffer.from('message');
  const signature = await signer.sign(message);
  assert(verifySignature(signer.publicKey, message, signature));
  assert(verify('sha384', message, publicKeyObject(signer.publicKey), signature));
});

test('other keys are refused, and the error shows nothing of them', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  assert.throws(() => createSigner(rsa), { code: 'ALGORITHM_NOT_ALLOWED' });
  const k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  assert.throws(() => createSigner(k1), { code: 'ALGORITHM_NOT_ALLOWED' });
  assert.throws(
    () => createSigner('-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n'),
    (error: Error) => !error.message.includes('c2VjcmV0'),
  );
});
