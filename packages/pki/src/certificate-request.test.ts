import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openSsl } from '../test/openssl.ts';
import { bitString, boolean, encode, objectIdentifier, octetString, sequence, setOf, unsignedInteger } from './der-writer.ts';
import {
  createCertificateRequest,
  createSigner,
  decodePem,
  encodePem,
  generateKeyPair,
  parseCertificateRequest,
  type CertificateSigner,
} from './index.ts';
import { encodeName } from './name.ts';
import { oid } from './object-identifiers.ts';

const subject = [
  { type: 'O', value: 'Bank of Zürich' },
  { type: 'CN', value: 'peer0' },
] as const;
const names = [
  { type: 'dns', value: 'peer0.gh-demo-bank' },
  { type: 'ip', value: '127.1.2.3' },
  { type: 'ip', value: 'fd00::1' },
] as const;

async function newSigner(): Promise<CertificateSigner> {
  return createSigner((await generateKeyPair()).privateKeyPem);
}

/** A request over `attributes` as they are, with a valid signature. */
async function signedRequest(attributes: readonly Uint8Array[], signer: CertificateSigner): Promise<string> {
  const info = sequence(unsignedInteger(Uint8Array.of(0)), encodeName(subject), signer.publicKey, encode(0xa0, Buffer.concat(attributes)));
  return encodePem(
    'CERTIFICATE REQUEST',
    sequence(info, sequence(objectIdentifier(oid.ecdsaWithSha256)), bitString(await signer.sign(info))),
  );
}

const extension = (identifier: string): Uint8Array => sequence(objectIdentifier(identifier), octetString(sequence()));
const extensionRequest = (...extensions: Uint8Array[]): Uint8Array =>
  sequence(objectIdentifier(oid.extensionRequest), setOf(sequence(...extensions)));

test('OpenSSL verifies our requests and reads the same in them', async () => {
  using judge = openSsl();
  const signer = await newSigner();
  const pem = await createCertificateRequest({ subject, subjectAlternativeNames: names }, signer);
  const { ok, output } = judge.run(
    'req',
    '-in',
    judge.file('request.pem', pem),
    '-verify',
    '-noout',
    '-text',
    '-nameopt',
    'utf8,sep_comma_plus',
  );
  assert(ok, output);
  assert.match(output, /Subject: O=Bank of Zürich,CN=peer0/);
  assert.match(output, /DNS:peer0\.gh-demo-bank, IP Address:127\.1\.2\.3, IP Address:FD00:0:0:0:0:0:0:1/);
  const parsed = parseCertificateRequest(pem);
  assert.deepEqual(parsed.subject, subject);
  assert.deepEqual(parsed.subjectAlternativeNames, names);
  assert.deepEqual(Buffer.from(parsed.publicKey), Buffer.from(signer.publicKey));
});

test("we read OpenSSL's requests", () => {
  using judge = openSsl();
  const key = judge.file(
    'key.pem',
    generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );
  const path = judge.file('request.pem', '');
  const { ok, output } = judge.run(
    'req',
    '-new',
    '-key',
    key,
    '-subj',
    '/C=CH/O=Acme/CN=peer1',
    '-addext',
    'subjectAltName=DNS:a.example',
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=keyCertSign',
    '-out',
    path,
  );
  assert(ok, output);
  const parsed = parseCertificateRequest(readFileSync(path, 'utf8'));
  assert.deepEqual(parsed.subject, [
    { type: 'C', value: 'CH' },
    { type: 'O', value: 'Acme' },
    { type: 'CN', value: 'peer1' },
  ]);
  assert.deepEqual(parsed.subjectAlternativeNames, [{ type: 'dns', value: 'a.example' }]);
  assert.deepEqual([parsed.extensions?.basicConstraints, parsed.extensions?.keyUsage], [{ ca: true }, ['certificateSign']]);
});

test('a request without proof of possession is refused', async () => {
  const [mine, theirs] = [await newSigner(), await newSigner()];
  const forged = await createCertificateRequest({ subject }, { ...mine, publicKey: theirs.publicKey });
  assert.throws(() => parseCertificateRequest(forged), { code: 'PROOF_OF_POSSESSION_FAILED' });
});

test('every changed byte of a request is noticed', async () => {
  const der = decodePem(
    'CERTIFICATE REQUEST',
    await createCertificateRequest({ subject, subjectAlternativeNames: names }, await newSigner()),
  );
  for (let at = 0; at < der.length; at++) {
    const changed = Uint8Array.from(der);
    changed[at] = (changed[at] ?? 0) ^ 0x01;
    assert.throws(() => parseCertificateRequest(encodePem('CERTIFICATE REQUEST', changed)), { name: 'PkiError' }, `byte ${at}`);
  }
});

test('size is judged before anything is parsed', () => {
  assert.throws(() => parseCertificateRequest('x'.repeat(1024 * 1024)), { code: 'TOO_LARGE' });
  assert.throws(() => parseCertificateRequest(encodePem('CERTIFICATE REQUEST', new Uint8Array(8 * 1024 + 1))), { code: 'TOO_LARGE' });
});

test('trailing bytes, duplicate extensions, second lists and written-out defaults are refused', async () => {
  const signer = await newSigner();
  const der = decodePem('CERTIFICATE REQUEST', await createCertificateRequest({ subject }, signer));
  assert.throws(() => parseCertificateRequest(encodePem('CERTIFICATE REQUEST', Buffer.concat([der, Uint8Array.of(0)]))), {
    code: 'DER_MALFORMED',
  });
  const twice = await signedRequest([extensionRequest(extension('1.2.3'), extension('1.2.3'))], signer);
  assert.throws(() => parseCertificateRequest(twice), { code: 'DUPLICATE_EXTENSION' });
  const defaults = await signedRequest(
    [extensionRequest(sequence(objectIdentifier(oid.basicConstraints), octetString(sequence(boolean(false)))))],
    signer,
  );
  assert.throws(() => parseCertificateRequest(defaults), { code: 'DER_MALFORMED', message: /default value/ });
  const lists = await signedRequest([extensionRequest(extension('1.2.3')), extensionRequest(extension('1.2.4'))], signer);
  assert.throws(() => parseCertificateRequest(lists), { code: 'DUPLICATE_EXTENSION' });
});

test('only the allowed pairs of curve and hash pass', async () => {
  using judge = openSsl();
  const request = (key: string, ...options: string[]): string => {
    const path = judge.file('request.pem', '');
    const { ok, output } = judge.run('req', '-new', '-key', key, '-subj', '/CN=x', '-out', path, ...options);
    assert(ok, output);
    return readFileSync(path, 'utf8');
  };
  const pem = (name: string, namedCurve: string): string =>
    judge.file(name, generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const p256 = pem('p256.pem', 'prime256v1');
  const p384 = pem('p384.pem', 'secp384r1');
  const rsa = judge.file(
    'rsa.pem',
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );
  assert.throws(() => parseCertificateRequest(request(p256, '-sha512')), { code: 'ALGORITHM_NOT_ALLOWED' });
  assert.throws(() => parseCertificateRequest(request(p256, '-sha384')), { code: 'ALGORITHM_NOT_ALLOWED' });
  assert.throws(() => parseCertificateRequest(request(pem('k1.pem', 'secp256k1'))), { code: 'ALGORITHM_NOT_ALLOWED' });
  assert.throws(() => parseCertificateRequest(request(rsa)), { code: 'ALGORITHM_NOT_ALLOWED' });
  assert.doesNotThrow(() => parseCertificateRequest(request(p384, '-sha384')));
  assert.throws(() => parseCertificateRequest(request(p384, '-sha384'), { allowed: ['P-256'] }), { code: 'ALGORITHM_NOT_ALLOWED' });
});

test('only one PEM block of the right kind is read', async () => {
  const pem = await createCertificateRequest({ subject }, await newSigner());
  assert.throws(() => parseCertificateRequest(pem + pem), { code: 'PEM_MALFORMED' });
  assert.throws(() => parseCertificateRequest(pem.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE')), { code: 'PEM_MALFORMED' });
  assert.throws(() => parseCertificateRequest(`hello\n${pem}`), { code: 'PEM_MALFORMED' });
});
