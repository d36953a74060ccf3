import assert from 'node:assert/strict';
import dns from 'node:dns/promises';
import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { after, before, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { createSigner, generateKeyPair, selfSignCertificate, type Certificate } from '@guildhall/pki';
import { preflight, type Preflight } from './preflight.ts';

let certificate: Certificate;
let node: Server;
let silent: Server;
const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listening = async (server: Server): Promise<Server> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

before(async () => {
  const { privateKeyPem } = await generateKeyPair();
  const names = [{ type: 'ip' as const, value: '127.0.0.1' }];
  certificate = await selfSignCertificate({ subject: [{ type: 'CN', value: 'peer0' }], notAfter: new Date(Date.now() + 86_400_000), subjectAlternativeNames: names, keyUsage: ['digitalSignature'], basicConstraints: { ca: false } }, createSigner(privateKeyPem), { now: new Date() });
  node = await listening(createTlsServer({ key: privateKeyPem, cert: certificate.pem, ALPNProtocols: ['h2'] }));
  silent = await listening(createTcpServer());
});
after(() => {
  node.close();
  silent.close();
});

const goes = (host: string, port: number, fingerprint = certificate.fingerprint, signal = new AbortController().signal): Promise<Preflight> =>
  preflight({ host, port, certificate: fingerprint }, { timeoutMs: 1_000, signal });
const failsAt = async (hop: string, why: RegExp, going: Promise<Preflight>): Promise<void> => {
  const result = await going;
  assert(!result.reached);
  assert.equal(result.hop, hop);
  assert.match(result.why, why);
  assert.notEqual(result.next, '');
};

test('a node that is reached shows its own certificate', async () => assert.deepEqual(await goes('127.0.0.1', portOf(node)), { reached: true }));

test('a name without an address', () => failsAt('name', /peer0\.invalid leads to no address/, goes('peer0.invalid', 7051)));

test('names that the DNS does not answer for leave threads for other work', async (t) => {
  const asked = new Set<(error: Error) => void>();
  t.mock.method(dns, 'lookup', () => new Promise((_resolve, reject) => asked.add(reject)));
  syncBuiltinESMExports();
  const ways = ['a', 'b', 'c', 'd', 'e'].map((name) => failsAt('name', /no answer in time/, preflight({ host: `${name}.invalid`, port: 7051, certificate: '' }, { timeoutMs: 20, signal: new AbortController().signal })));
  await Promise.all(ways);
  assert.equal(asked.size, 2);
  t.mock.restoreAll();
  syncBuiltinESMExports();
  for (const answer of asked) answer(new Error('ENOTFOUND'));
});

test('a port at which nothing listens', async () => {
  const closed = await listening(createTcpServer());
  const port = portOf(closed);
  closed.close();
  await failsAt('connection', new RegExp(`127\\.0\\.0\\.1 port ${port} \\(ECONNREFUSED\\)`), goes('127.0.0.1', port));
});

test('a server that takes the connection and says nothing', () => failsAt('handshake', /does not speak TLS/, goes('127.0.0.1', portOf(silent))));

test('another server than the node', () => failsAt('certificate', /another server answers: its certificate is of CN=peer0/, goes('127.0.0.1', portOf(node), 'ab'.repeat(32))));

test('a certificate for another name', () => failsAt('certificate', /not for the name localhost/, goes('localhost', portOf(node))));

test('it ends when it is told to', async () => assert.rejects(goes('127.0.0.1', portOf(silent), '', AbortSignal.timeout(20))));
