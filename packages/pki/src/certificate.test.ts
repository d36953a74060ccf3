import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { createAuthority, issuePeer, now, years } from '../test/authorities.ts';
import { openSsl } from '../test/openssl.ts';
import { curves } from './curves.ts';
import {
  createSigner,
  decodePem,
  generateKeyPair,
  issueCertificate,
  parseCertificate,
  parseCertificatePem,
  subjectKeyIdentifier,
  valuesOf,
  verifySignature,
} from './index.ts';
import { isLowS } from './signature.ts';

const second = (date: Date): string => date.toISOString();

test('OpenSSL verifies root, issuing CA and leaf strictly', async () => {
  using judge = openSsl();
  const { root, issuing } = await createAuthority();
  const leaf = await issuePeer(issuing, await generateKeyPair());
  const { ok, output } = judge.run(
    'verify',
    '-x509_strict',
    '-attime',
    String(now.getTime() / 1000),
    '-check_ss_sig',
    '-CAfile',
    judge.file('root.pem', root.pem),
    '-untrusted',
    judge.file('issuing.pem', issuing.certificate.pem),
    judge.file('leaf.pem', leaf.pem),
  );
  assert(ok, output);
});

test('OpenSSL reads what the template said', async () => {
  using judge = openSsl();
  const { issuing } = await createAuthority();
  const keys = await generateKeyPair();
  const certificate = await issueCertificate(
    {
      subject: [
        { type: 'O', value: 'Acme' },
        { type: 'OU', value: 'client' },
        { type: 'CN', value: 'clerk' },
      ],
      publicKey: keys.publicKey,
      notAfter: years(1),
      keyUsage: ['digitalSignature', 'keyEncipherment'],
      extendedKeyUsage: ['serverAuth', 'clientAuth'],
      basicConstraints: { ca: false },
      subjectAlternativeNames: [
        { type: 'dns', value: 'peer0' },
        { type: 'ip', value: '127.0.0.9' },
      ],
      fabricAttributes: { 'gh.role': 'issuer' },
    },
    issuing,
    { now },
  );
  const { output } = judge.run('x509', '-in', judge.file('certificate.pem', certificate.pem), '-noout', '-text');
  assert.match(output, /Version: 3 \(0x2\)/);
  assert.match(output, /Subject: O = Acme, OU = client, CN = clerk/);
  assert.match(output, /Key Usage: critical\s+Digital Signature, Key Encipherment/);
  assert.match(output, /TLS Web Server Authentication, TLS Web Client Authentication/);
  assert.match(output, /Basic Constraints: critical\s+CA:FALSE/);
  assert.match(output, /DNS:peer0, IP Address:127\.0\.0\.9/);
  assert.match(output, /1\.2\.3\.4\.5\.6\.7\.8\.1:\s+\{"attrs":\{"gh\.role":"issuer"\}\}/);
  assert.match(output, /Not Before: Nov 21 11:55:00 2026 GMT/);
  assert.deepEqual(certificate.extensions.fabricAttributes, { 'gh.role': 'issuer' });
  const node = new X509Certificate(certificate.pem);
  assert.equal(node.serialNumber.toLowerCase(), certificate.serialNumber);
  assert.equal(node.fingerprint256.replaceAll(':', '').toLowerCase(), certificate.fingerprint);
  assert.equal(node.subjectAltName, 'DNS:peer0, IP Address:127.0.0.9');
});

test('serial numbers are random, positive and exactly 20 octets; signatures are low-S', async () => {
  const { issuing } = await createAuthority();
  const keys = await generateKeyPair();
  const serials = new Set<string>();
  for (let i = 0; i < 40; i++) {
    const certificate = await issuePeer(issuing, keys);
    serials.add(certificate.serialNumber);
    assert.match(certificate.serialNumber, /^[4-7][0-9a-f]{39}$/);
    assert(isLowS(certificate.signature, curves[0]!));
  }
  assert.equal(serials.size, 40);
});

test('a certificate never outlives its issuer, nor begins before it', async () => {
  const { issuing } = await createAuthority();
  const { publicKey } = await generateKeyPair();
  const template = {
    subject: [{ type: 'CN', value: 'x' }],
    publicKey,
    notAfter: years(30),
    keyUsage: ['digitalSignature'],
    basicConstraints: { ca: false },
  } as const;
  const long = await issueCertificate(template, issuing, { now });
  assert.equal(second(long.notAfter), second(issuing.certificate.notAfter));
  const early = await issueCertificate(template, issuing, { now: new Date(now.getTime() - 60_000) });
  assert.equal(second(early.notBefore), second(issuing.certificate.notBefore));
  await assert.rejects(issueCertificate({ ...template, notAfter: new Date(0) }, issuing, { now }), { code: 'TEMPLATE_INVALID' });
});

test('an issuing CA issues no CA, a leaf issues nothing, a foreign key signs nothing', async () => {
  const { issuing } = await createAuthority();
  const keys = await generateKeyPair();
  const leaf = await issuePeer(issuing, keys);
  const template = {
    subject: [{ type: 'CN', value: 'x' }],
    publicKey: keys.publicKey,
    notAfter: years(1),
    keyUsage: ['certificateSign'],
    basicConstraints: { ca: true },
  } as const;
  await assert.rejects(issueCertificate(template, issuing, { now }), { code: 'TEMPLATE_INVALID' });
  const leafTemplate = { ...template, keyUsage: ['digitalSignature'], basicConstraints: { ca: false } } as const;
  await assert.rejects(issueCertificate(leafTemplate, { certificate: leaf, signer: createSigner(keys.privateKeyPem) }, { now }), {
    code: 'TEMPLATE_INVALID',
  });
  await assert.rejects(issueCertificate(leafTemplate, { ...issuing, signer: createSigner(keys.privateKeyPem) }, { now }), {
    code: 'TEMPLATE_INVALID',
  });
});

test('a signer that answers with a high S, as hardware does, still yields a low-S certificate; one that lies is caught', async () => {
  const { issuing } = await createAuthority();
  const keys = await generateKeyPair();
  const order = curves[0]!.order;
  const high = {
    ...issuing.signer,
    async sign(message: Uint8Array) {
      const low = await issuing.signer.sign(message);
      const rLength = low[3]!;
      const s = BigInt(`0x${Buffer.from(low.subarray(6 + rLength)).toString('hex')}`);
      const flipped = Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex');
      const body = Buffer.concat([low.subarray(2, 4 + rLength), Uint8Array.of(2, 33, 0), flipped]);
      return Buffer.concat([Uint8Array.of(0x30, body.length), body]);
    },
  };
  const certificate = await issuePeer({ ...issuing, signer: high }, keys);
  assert(verifySignature(issuing.certificate.publicKey, certificate.tbs, certificate.signature));
  const liar = { ...issuing.signer, sign: async () => issuing.signer.sign(Buffer.from('something else')) };
  await assert.rejects(issuePeer({ ...issuing, signer: liar }, keys), { code: 'SIGNATURE_INVALID' });
});

test('names that would confuse a reader are refused', async () => {
  const { issuing } = await createAuthority();
  const { publicKey } = await generateKeyPair();
  const template = {
    subject: [{ type: 'CN', value: 'x' }],
    publicKey,
    notAfter: years(1),
    keyUsage: ['digitalSignature'],
    basicConstraints: { ca: false },
  } as const;
  for (const value of ['', 'a\u0000b', 'x'.repeat(65)]) {
    await assert.rejects(issueCertificate({ ...template, subject: [{ type: 'CN', value }] }, issuing, { now }), {
      code: 'TEMPLATE_INVALID',
    });
  }
  for (const value of ['', '*.example', 'UPPER', 'a..b', '-a', '10.0.0.1', 'a b']) {
    await assert.rejects(
      issueCertificate({ ...template, subjectAlternativeNames: [{ type: 'dns', value }] }, issuing, { now }),
      { code: 'TEMPLATE_INVALID' },
      value,
    );
  }
  for (const value of ['', '300.1.1.1', 'localhost', 'fe80::1%eth0']) {
    await assert.rejects(
      issueCertificate({ ...template, subjectAlternativeNames: [{ type: 'ip', value }] }, issuing, { now }),
      { code: 'TEMPLATE_INVALID' },
      value,
    );
  }
});

test("we read OpenSSL's certificates, and what we read is what is there", () => {
  using judge = openSsl();
  const made = judge.run(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    judge.file('key.pem', ''),
    '-subj',
    '/C=CH/O=Acme/OU=admin/CN=root',
    '-days',
    '9999',
    '-addext',
    'subjectAltName=DNS:a.example,IP:::1',
  );
  const pem = /-----BEGIN CERTIFICATE-----[^]+-----END CERTIFICATE-----/.exec(made.output)?.[0];
  assert(pem !== undefined, made.output);
  const certificate = parseCertificatePem(pem);
  assert.deepEqual(valuesOf(certificate.subject, 'OU'), ['admin']);
  assert.deepEqual(certificate.extensions.basicConstraints, { ca: true });
  assert.deepEqual(certificate.extensions.subjectAlternativeNames, [
    { type: 'dns', value: 'a.example' },
    { type: 'ip', value: '::1' },
  ]);
  assert(certificate.notAfter.getUTCFullYear() >= 2050);
});

test('the identifier of a key is the hash of its point, as Fabric looks keys up', async () => {
  const { publicKey } = await generateKeyPair();
  assert.equal(subjectKeyIdentifier(publicKey).length, 32);
  const { issuing } = await createAuthority();
  assert.deepEqual(
    issuing.certificate.extensions.subjectKeyId,
    parseCertificate(decodePem('CERTIFICATE', issuing.certificate.pem)).extensions.subjectKeyId,
  );
});
