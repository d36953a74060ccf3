import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { createCertificateRequest, createSigner, generateKeyPair } from '@guildhall/pki';
import { signingRequestProblems } from './signing-request.ts';

const folder = mkdtempSync(join(tmpdir(), 'guildhall-csr-'));
after(() => rmSync(folder, { recursive: true }));

/** What a person's openssl makes. */
function request(algorithm: string, subject: string, ...more: string[]): string {
  const key = join(folder, 'key.pem');
  execFileSync('openssl', ['genpkey', '-algorithm', ...algorithm.split(' '), '-out', key], { stdio: 'ignore' });
  return execFileSync('openssl', ['req', '-new', '-key', key, '-subj', subject, ...more], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
const p256 = 'EC -pkeyopt ec_paramgen_curve:P-256';
const holder = { name: 'erp', mspId: 'AcmeMSP' };
const problems = (csr: string): string[] => signingRequestProblems(csr, holder).map(({ path, message }) => `${path} ${message}`);

test('a request for a P-256 key with the name, the whole subject or none is good', () => {
  for (const subject of ['/CN=erp', '/O=AcmeMSP/OU=client/CN=erp', '/']) assert.deepEqual(problems(request(p256, subject)), [], subject);
  assert.deepEqual(problems(request(p256, '/CN=erp', '-addext', 'basicConstraints=CA:FALSE', '-addext', 'keyUsage=digitalSignature')), []);
});

describe('what is refused, at the field csr', () => {
  const refused: [string, () => string | Promise<string>, RegExp][] = [
    ['a key of another curve', () => request('EC -pkeyopt ec_paramgen_curve:P-384', '/CN=erp'), /P-384 key; allowed are P-256/],
    ['a curve that nobody here reads', () => request('EC -pkeyopt ec_paramgen_curve:secp256k1', '/CN=erp'), /a key on curve 1\.3\.132\.0\.10/],
    ['an RSA key', () => request('RSA -pkeyopt rsa_keygen_bits:2048', '/CN=erp'), /a key of type 1\.2\.840\.113549\.1\.1\.1/],
    ['an Ed25519 key', () => request('ed25519', '/CN=erp'), /a key of type 1\.3\.101\.112/],
    ['another hash', () => request(p256, '/CN=erp', '-sha384'), /another hash/],
    ['to be a CA', () => request(p256, '/CN=erp', '-addext', 'basicConstraints=critical,CA:TRUE'), /to be a certificate authority/],
    ['to sign certificates', () => request(p256, '/CN=erp', '-addext', 'keyUsage=keyCertSign,digitalSignature'), /key usage certificateSign/],
    ['to be a server', () => request(p256, '/CN=erp', '-addext', 'extendedKeyUsage=serverAuth'), /extended key usage serverAuth/],
    ['names', () => request(p256, '/CN=erp', '-addext', 'subjectAltName=DNS:peer0.example'), /alternative names/],
    ['attributes', () => request(p256, '/CN=erp', '-addext', '1.2.3.4.5.6.7.8.1=DER:7b226174747273223a7b7d7d'), /attributes; roles are named/],
    ['what nobody here reads, as critical', () => request(p256, '/CN=erp', '-addext', '1.2.3.4=critical,DER:0500'), /critical extension 1\.2\.3\.4/],
    ['to be an administrator', () => request(p256, '/O=AcmeMSP/OU=admin/CN=erp'), /asks for OU="admin"/],
    ['another member', () => request(p256, '/O=BankMSP/CN=erp'), /asks for O="BankMSP"/],
    ['another name', () => request(p256, '/CN=<script>'), /asks for CN="<script>"/],
    ['a name that turns the line', () => request(p256, '/CN=erp\u202Enimda', '-utf8'), /asks for CN=/],
    ['two names', () => request(p256, '/CN=erp/CN=admin'), /asks for CN="admin"/],
    ['an attribute that nobody here reads', () => request(p256, '/CN=erp/emailAddress=a@b.example'), /1\.2\.840\.113549\.1\.9\.1/],
    ['a key that is not the signer’s', async () => {
      const [mine, theirs] = [createSigner((await generateKeyPair()).privateKeyPem), createSigner((await generateKeyPair()).privateKeyPem)];
      return createCertificateRequest({ subject: [] }, { ...mine, publicKey: theirs.publicKey });
    }, /not signed by the P-256 key/],
    ['a certificate', () => '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n', /only CERTIFICATE REQUEST blocks/],
    ['two requests', () => request(p256, '/CN=erp').repeat(2), /exactly one CERTIFICATE REQUEST block/],
    ['a private key', () => '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n', /only CERTIFICATE REQUEST blocks/],
    ['nothing', () => '', /exactly one/],
    ['far too much', () => 'x'.repeat(16_000), /at most 8192 bytes/],
  ];
  for (const [what, make, message] of refused) {
    test(what, async () => {
      const [first, ...more] = problems(await make());
      assert.deepEqual(more, []);
      assert.match(first ?? 'nothing was refused', /^csr csr: /);
      assert.match(first ?? '', message);
    });
  }
});
