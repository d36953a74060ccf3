import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildContract, type BuiltContract } from '../src/index.ts';
import { connectFakePeer, createWorld, type FakePeer, type Person } from './fake-peer.ts';
import { createAuthority, createPerson, createServerIdentity, type Authority } from './people.ts';
import { serveArtifact, startContract, type ArtifactServer, type RunningContract } from './running-contract.ts';

const entry = new URL('../../receivable/src/v1.ts', import.meta.url);

describe('a contract served to two peers over TLS', () => {
  const world = createWorld();
  let built: BuiltContract;
  let artifacts: ArtifactServer;
  let cache: string;
  let authority: Authority;
  let contracts: RunningContract[];
  let peers: FakePeer[];
  let core: Person;
  let supplier: Person;
  let bank: Person;

  before(async () => {
    built = await buildContract({ entry });
    artifacts = await serveArtifact(built.artifact);
    cache = await mkdtemp(join(tmpdir(), 'guildhall-cache-'));
    authority = await createAuthority();
    const tls = await createServerIdentity(authority);
    contracts = await Promise.all([1, 2].map(async () => startContract({ digest: built.digest, url: artifacts.url, cache, tls })));
    await Promise.all(contracts.map(async (contract) => contract.ready()));
    peers = await Promise.all(contracts.map(async ({ address }) => connectFakePeer(address, authority.certificate.pem, world)));
    [core, supplier, bank] = await Promise.all([
      createPerson(authority, 'CoreMSP', 'admin,debtor'),
      createPerson(authority, 'SupplierMSP', 'admin,supplier'),
      createPerson(authority, 'BankMSP', 'admin,funder'),
    ]);
  });

  after(async () => {
    for (const peer of peers ?? []) peer.close();
    for (const contract of contracts ?? []) await contract.stop();
    await artifacts?.close();
    await rm(cache, { recursive: true, force: true });
  });

  /** Both peers endorse the same proposal; what they say must be the same to the byte. */
  async function endorse(person: Person, operation: string, args: object) {
    const at = new Date();
    const [first, second] = await Promise.all(peers.map(async (peer) => peer.simulate(person, [operation, JSON.stringify(args)], { at })));
    assert.deepEqual(first, second, 'two members endorse the same bytes');
    assert.ok(first);
    return first;
  }

  async function submit(person: Person, operation: string, args: object): Promise<Record<string, unknown>> {
    const simulation = await endorse(person, operation, args);
    assert.equal(simulation.status, 200, simulation.message);
    peers[0]!.commit(simulation);
    return JSON.parse(simulation.payload) as Record<string, unknown>;
  }

  test('registers under its package id', () => {
    assert.match(peers[0]!.registeredAs, /^receivable_1\.0\.0-/);
  });

  test('a receivable is configured, issued, confirmed, split and handed on', async () => {
    const example = (built.metadata['config'] as { example: object }).example;
    const { hash } = await submit(core, 'Init', { requestId: 'init', config: example });
    for (const member of [core, supplier, bank]) await submit(member, 'AcceptConfig', { requestId: 'accept', hash });
    const due = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
    const face = { minor: '10000000', ccy: 'CNY' };
    await submit(core, 'Issue', {
      requestId: 'r1',
      id: 'rcv-1',
      debtor: 'CoreMSP',
      creditor: 'SupplierMSP',
      face,
      due,
      docs: [{ alg: 'SHA-256', digest: 'ab'.repeat(32) }],
    });
    const confirmed = await endorse(supplier, 'Confirm', { requestId: 'r2', id: 'rcv-1' });
    assert.equal(confirmed.event?.name, 'RCV.Confirm.v1');
    peers[0]!.commit(confirmed);
    await submit(supplier, 'Split', {
      requestId: 'r3',
      id: 'rcv-1',
      parts: [
        { id: 'rcv-1a', amount: { minor: '6000000', ccy: 'CNY' } },
        { id: 'rcv-1b', amount: { minor: '4000000', ccy: 'CNY' } },
      ],
    });
    await submit(supplier, 'Offer', { requestId: 'r4', id: 'rcv-1a', to: 'BankMSP', expiry: new Date(Date.now() + 60_000).toISOString() });
    await submit(bank, 'Accept', { requestId: 'r5', id: 'rcv-1a', newId: 'rcv-1c' });
    const { records } = (await submit(bank, 'Holdings', { holder: 'BankMSP' })) as { records: { id: string }[] };
    assert.deepEqual(
      records.map(({ id }) => id),
      ['rcv-1c'],
    );
  });

  test('a wrong transfer is refused with what is wrong and what to do', async () => {
    const refused = await endorse(core, 'Offer', {
      requestId: 'r6',
      id: 'rcv-1c',
      to: 'SupplierMSP',
      expiry: new Date(Date.now() + 60_000).toISOString(),
    });
    assert.equal(refused.status, 500);
    assert.deepEqual(refused.writes, []);
    const { code, nextAction } = JSON.parse(refused.message) as { code: string; nextAction: string };
    assert.equal(code, 'FORBIDDEN');
    assert.notEqual(nextAction, '');
  });

  test('the history of a note comes from the peer, newest first', async () => {
    const { revisions } = (await submit(bank, 'History', { id: 'rcv-1a' })) as { revisions: { record: { state: string } }[] };
    assert.deepEqual(
      revisions.map(({ record }) => record.state),
      ['SPENT', 'LOCKED', 'HELD'],
    );
  });
});
