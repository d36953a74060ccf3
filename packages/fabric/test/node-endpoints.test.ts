import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ConnectError } from '../src/errors.ts';
import { createOperations, inspectOrderer, inspectPeer } from '../src/operations/index.ts';
import { createParticipation } from '../src/participation/index.ts';
import { takeAddressBlock, type AddressBlock } from './nodes/addresses.ts';
import { createMember } from './nodes/member.ts';
import { createOrderer, type TestOrderer } from './nodes/orderer.ts';
import { createPeer, type TestPeer } from './nodes/peer.ts';

let folder: string;
let addresses: AddressBlock;
let orderer: TestOrderer;
let peer: TestPeer;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guildhall-fabric-'));
  addresses = await takeAddressBlock();
  const member = await createMember('AcmeMSP');
  orderer = await createOrderer({ folder, name: 'orderer1', host: addresses.next(), member });
  peer = await createPeer({ folder, name: 'peer1', host: addresses.next(), member });
  await Promise.all([orderer.start(), peer.start()]);
});

after(async () => {
  await Promise.all([orderer.process().kill(), peer.process().kill()]);
  await addresses.release();
  await rm(folder, { recursive: true, force: true });
});

test('a fresh orderer and a fresh peer are healthy and in no channel', async () => {
  assert.deepEqual(await inspectOrderer(orderer), { healthy: true, contact: 'answers', why: '', version: '3.1.0', channels: [] });
  assert.deepEqual(await inspectPeer(peer.operations), { healthy: true, contact: 'answers', why: '', version: '3.1.0', channels: [] });
  assert.deepEqual(await orderer.participation.list(), []);
  assert.equal(await orderer.participation.info('trade'), undefined);
});

test('leaving a channel that the orderer is not in is an error that names the endpoint', async () => {
  await assert.rejects(orderer.participation.remove('trade'), { code: 'CHANNEL_NOT_FOUND', message: new RegExp(`${orderer.host}:9443`) });
});

test('a block that is none is refused in words', async () => {
  await assert.rejects(orderer.participation.join(new Uint8Array([1, 2, 3])), { code: 'PARTICIPATION_REFUSED' });
});

test('a certificate authority that did not issue the certificate is not trusted', async () => {
  const other = await createMember('OtherMSP');
  await assert.rejects(createParticipation({ ...orderer.admin, tlsRoots: [other.tls.root] }).list(), { code: 'TLS_REFUSED' });
});

test('the admin endpoint opens to its own certificate authority only', async () => {
  const { url, tlsRoots = [] } = orderer.admin;
  const foreign = await orderer.member.tls.issue([{ type: 'CN', value: 'a node' }], 'tls');
  const client = { certificate: foreign.certificate + orderer.member.tls.issuing, key: foreign.key };
  await assert.rejects(createParticipation({ url, tlsRoots, client }).list(), ConnectError);
  await assert.rejects(createParticipation({ url, tlsRoots }).list(), ConnectError);
});

test('a hung node is silent, a dead one is unreachable, and both say where', async () => {
  peer.process().signal('SIGSTOP');
  const hung = await inspectPeer(peer.operations, { timeoutMs: 300 });
  assert.deepEqual([hung.healthy, hung.contact], [false, 'silent']);
  assert.match(hung.why, new RegExp(`${peer.host}:9443 did not answer in time`));
  peer.process().signal('SIGCONT');

  await peer.process().kill();
  const dead = await inspectPeer(peer.operations);
  assert.deepEqual([dead.healthy, dead.contact], [false, 'unreachable']);
  assert.match(dead.why, new RegExp(`${peer.host}:9443 cannot be reached`));

  await peer.start();
  assert.equal((await inspectPeer(peer.operations)).healthy, true);
});

test('the caller can end a call', async () => {
  await assert.rejects(createOperations(peer.operations).version({ signal: AbortSignal.abort() }), { code: 'CANCELLED' });
});
