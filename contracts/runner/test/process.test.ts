import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { digestOf } from '../src/server/artifact.ts';
import { connectFakePeer, type FakePeer, type Person } from './fake-peer.ts';
import { createAuthority, createPerson } from './people.ts';
import { serveArtifact, startContract, type RunningContract } from './running-contract.ts';

/** Not from a template: what this contract does is told by the operation. */
const contract = Buffer.from(`var contract = {
  describe: () => '{}',
  async invoke(request, ask) {
    const { operation, args, caller } = JSON.parse(request);
    const answer = (payload, writes = []) => JSON.stringify({ ok: true, payload: String(payload), writes });
    if (operation === 'who') return answer(JSON.stringify(caller));
    if (operation === 'loop') for (;;);
    if (operation === 'search') [].includes.call({ length: 2 ** 53 - 1 }, 1);
    if (operation === 'loop later') { await ask('get', '["x"]'); for (;;); }
    if (operation === 'unreadable') { try { await ask('get', '["unreadable"]'); } catch {} return answer('made up'); }
    if (operation === 'reject') {
      const spy = { [Symbol.for('nodejs.util.inspect.custom')](...args) { globalThis.held = args; for (;;); } };
      Promise.reject(spy);
      Promise.reject(Object.assign(new Error('left behind'), spy));
      return answer('left');
    }
    if (operation === 'hang') return answer(await ask('get', '["silent"]'));
    if (operation === 'bomb') return answer((1n << 1000000000n).toString());
    if (operation === 'large') return answer('x'.repeat(Number(args)));
    if (operation === 'slow') { for (let i = 0; i < 40; i += 1) await ask('get', '["x"]'); return answer('done'); }
    return answer(await ask('get', '["x"]'), [['x', 'written']]);
  },
};`);

describe('the process that serves a contract', () => {
  const digest = digestOf(contract);
  let cache: string;
  let running: RunningContract;
  let peer: FakePeer;
  let person: Person;

  before(async () => {
    cache = await mkdtemp(join(tmpdir(), 'guildhall-cache-'));
    const artifacts = await serveArtifact(contract);
    running = await startContract({ digest, url: artifacts.url, cache, callLimitMs: 600 });
    await running.ready();
    await artifacts.close();
    peer = await connectFakePeer(running.address, undefined);
    person = await createPerson(await createAuthority(), 'CoreMSP', 'debtor, timekeeper');
  });
  after(async () => {
    peer?.close();
    await running?.stop();
    await rm(cache, { recursive: true, force: true });
  });

  const codeOf = (message: string): unknown => (JSON.parse(message) as { code: unknown }).code;

  test('tells the contract who calls, from the certificate', async () => {
    const { payload } = await peer.simulate(person, ['who', '']);
    assert.deepEqual(JSON.parse(payload), { mspId: 'CoreMSP', organizationalUnits: ['client'], roles: ['debtor', 'timekeeper'] });
  });

  test('refuses a caller without a certificate, and arguments in more than one piece', async () => {
    assert.equal(codeOf((await peer.simulate({ mspId: 'CoreMSP', certificate: 'none' }, ['who'])).message), 'CALL_REFUSED');
    assert.equal(codeOf((await peer.simulate(person, ['who', '{}', '{}'])).message), 'CALL_REFUSED');
  });

  test('refuses a call that its peer could not read for, rather than letting the contract decide without', async () => {
    const { message, writes } = await peer.simulate(person, ['unreadable']);
    assert.deepEqual([codeOf(message), writes], ['LEDGER_UNAVAILABLE', []]);
  });

  test('stops a call that loops, and answers the next one', async () => {
    for (const operation of ['loop', 'loop later', 'search']) {
      const stopped = await peer.simulate(person, [operation]);
      assert.equal(codeOf(stopped.message), 'CONTRACT_TIMEOUT');
      assert.deepEqual(stopped.writes, []);
    }
    assert.equal((await peer.simulate(person, ['read'])).status, 200);
  });

  test('outlives a call that wants more memory than there is, and answers the next one', async () => {
    const { message, writes } = await peer.simulate(person, ['bomb']);
    // On a busy machine the time may be over first.
    assert.ok(['CONTRACT_BROKEN', 'CONTRACT_TIMEOUT'].includes(String(codeOf(message))), message);
    assert.deepEqual(writes, []);
    assert.equal((await peer.simulate(person, ['read'])).status, 200);
  });

  test('refuses arguments that are too large without losing the connection, and gives large answers', async () => {
    const { message } = await peer.simulate(person, ['read', 'x'.repeat(6_000_000)]);
    assert.equal(codeOf(message), 'CALL_REFUSED');
    assert.match(message, /6000004 characters; 1000000 are the most/);
    assert.equal((await peer.simulate(person, ['large', '5000000'])).payload.length, 5_000_000);
  });

  test("outlives a peer's keepalive", async () => {
    peer.keepAlive();
    assert.equal((await peer.simulate(person, ['read'])).status, 200);
  });

  test('lets go of the calls of a peer whose connection ended', async () => {
    const other = await connectFakePeer(running.address, undefined);
    for (let i = 0; i < 40; i += 1) void other.simulate(person, ['hang']);
    assert.equal((await peer.simulate(person, ['who', ''])).status, 200);
    other.close();
    // More than run at once: if one were held for ever, so would be these.
    const answers = await Promise.all(Array.from({ length: 40 }, async () => peer.simulate(person, ['read'])));
    assert.ok(answers.every(({ status }) => status === 200));
    assert.match(running.output(), /the connection to the peer has ended/);
  });

  test('lives on when a contract leaves rejections behind, without touching them', async () => {
    assert.equal((await peer.simulate(person, ['reject'])).payload, 'left');
    assert.equal((await peer.simulate(person, ['read'])).status, 200);
    assert.doesNotMatch(running.output(), /left behind/);
  });

  test('serves calls of several transactions at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, async () => peer.simulate(person, ['slow'])));
    assert.ok(answers.every(({ payload }) => payload === 'done'));
  });

  test('starts again from its cache, without anybody serving the artifact', async () => {
    const again = await startContract({ digest, url: 'http://127.0.0.1:1/gone', cache });
    try {
      await again.ready();
    } finally {
      assert.equal(await again.stop(), 0);
    }
  });

  test('answers what runs before it ends on SIGTERM', async () => {
    const other = await startContract({ digest, url: 'http://127.0.0.1:1/gone', cache });
    await other.ready();
    const client = await connectFakePeer(other.address, undefined);
    const calls = Array.from({ length: 5 }, async () => client.simulate(person, ['slow']));
    await client.simulate(person, ['read']);
    const [code, ...answers] = await Promise.all([other.stop(), ...calls]);
    client.close();
    assert.equal(code, 0);
    assert.ok(answers.every(({ payload }) => payload === 'done'));
  });
});

describe('the process does not serve', () => {
  let cache: string;
  before(async () => void (cache = await mkdtemp(join(tmpdir(), 'guildhall-cache-'))));
  after(async () => rm(cache, { recursive: true, force: true }));

  test('an artifact with another digest', async () => {
    const artifacts = await serveArtifact(Buffer.from('var contract = {};'));
    const running = await startContract({ digest: digestOf(contract), url: artifacts.url, cache });
    await assert.rejects(running.ready(), /only sha256:[0-9a-f]{64} may run here/);
    assert.equal(await running.stop(), 1);
    await artifacts.close();
  });

  test('an artifact that is no contract', async () => {
    const broken = Buffer.from('throw new Error("broken at load")');
    const artifacts = await serveArtifact(broken);
    const running = await startContract({ digest: digestOf(broken), url: artifacts.url, cache });
    await assert.rejects(running.ready(), /broken at load/);
    assert.equal(await running.stop(), 1);
    await artifacts.close();
  });

  test('before it has the artifact: it says so, waits, and ends when told to', async () => {
    const running = await startContract({ digest: digestOf(contract), url: 'http://127.0.0.1:1/gone', cache });
    while ((await running.health()) === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(await running.health(), 503);
    assert.equal(await running.stop(), 0);
    assert.match(running.output(), /not available yet/);
  });
});
