import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { test } from 'node:test';
import { fabricPrograms } from '../../packages/fabric/test/nodes/programs.ts';
import { begin, consortium, create, nodeOf, operation, running, smallConsortium, succeeded } from './support/consortium.ts';
import { inHome } from './support/guildhall.ts';
import { agreeOnTerms, issue } from './support/receivable.ts';
import { timed } from './support/timings.ts';
import { until } from './support/until.ts';

/** While it works, somebody else's program has the port. */
async function whileTaken(host: string, port: number, work: () => Promise<void>): Promise<void> {
  const server = createServer((socket) => socket.destroy()).listen(port, host);
  await once(server, 'listening');
  try {
    await work();
  } finally {
    server.close();
    await once(server, 'close');
  }
}

test('a port that is taken, and a home that is in use, are said in a sentence, and nothing is started', (t) => inHome(t, async (home) => {
  home.expectErrors(/is taken by another program/, /runs already/);
  await whileTaken('127.0.0.1', home.port, async () => {
    const start = home.launch();
    assert.equal(await start.ended, 1);
    assert.match(start.output(), new RegExp(`^Port ${home.port} of 127\\.0\\.0\\.1 is taken by another program: .*GUILDHALL_PORT`, 'm'));
    assert.doesNotMatch(start.output(), /^ +at /m, 'no stack');
    assert.deepEqual(home.processes(), []);
  });
  const guildhall = await home.start();
  const second = home.launch({ env: { GUILDHALL_PORT: '0' } });
  assert.equal(await second.ended, 1);
  assert.match(second.output(), /^Guildhall runs already with its home in \S+ \(process \d+\): .*GUILDHALL_HOME/m);
  assert.deepEqual(await guildhall.api.request('query { consortia(first: 1) { edges { node { name } } } }'), { consortia: { edges: [] } }, 'the first one is not disturbed');
  await timed(t, 'Ctrl-C', () => guildhall.stop());
}));

test('Ctrl-C in the middle of the start ends what was begun', (t) => inHome(t, async (home) => {
  const start = home.launch();
  await until('PostgreSQL runs', () => /PostgreSQL/.test(start.output()));
  start.interrupt();
  assert.equal(await start.ended, 0);
  assert.deepEqual(home.processes(), []);
}));

test('unknown settings are refused by name', (t) => inHome(t, async (home) => {
  home.expectErrors(/settings in the environment are wrong/);
  const start = home.launch({ env: { GUILDHALL_PROT: '4000', GUILDHALL_LOG_LEVEL: 'loud' } });
  assert.equal(await start.ended, 1);
  assert.match(start.output(), /GUILDHALL_PROT/);
  assert.match(start.output(), /GUILDHALL_LOG_LEVEL/);
}));

test('a home that the account of PostgreSQL cannot reach is no obstacle, and where the data is then is said', (t) => inHome(t, async (home) => {
  const first = await home.start();
  const elsewhere = /PostgreSQL runs as \w+, who cannot reach \S+: its data is in (\S+)/.exec(first.output())?.[1];
  try {
    assert.equal(elsewhere !== undefined, process.getuid?.() === 0, 'only root has to give PostgreSQL another account');
    const id = await begin(first.api, 'createConsortium', { ...smallConsortium('kept', { contract: false }), channels: [] });
    await succeeded(first.api, id);
    await first.stop();
    const second = await home.start();
    assert.equal((await operation(second.api, id)).state, 'succeeded', 'the second start finds the data of the first');
    await second.stop();
  } finally {
    if (elsewhere !== undefined) rmSync(dirname(elsewhere), { recursive: true, force: true });
  }
}, { closed: true }));

/** A PATH with everything that this machine has, but for some programs. */
function pathWithout(folder: string, names: readonly string[]): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const have = new Set(names);
  for (const from of (process.env['PATH'] ?? '').split(delimiter).filter((each) => existsSync(each))) {
    for (const name of readdirSync(from, { withFileTypes: true })) {
      if (have.has(name.name) || name.isDirectory()) continue;
      have.add(name.name);
      symlinkSync(join(from, name.name), join(bin, name.name));
    }
  }
  return bin;
}

test("without Fabric's programs the API is up and says what is missing; when they appear, everything goes on", (t) => inHome(t, async (home) => {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-e2e-path-'));
  try {
    const cache = join(folder, 'cache');
    const { api, says, stop } = await home.start({ env: { PATH: pathWithout(folder, ['peer', 'orderer', 'go', 'gofmt']), XDG_CACHE_HOME: cache } });
    await says(/Fabric's programs are missing, so no node can run:\n.*Install Go.*github\.com\/hyperledger\/fabric\/releases/);
    const id = await begin(api, 'createConsortium', smallConsortium('waiting'));
    const view = await until('the nodes say what is missing', async () => {
      const found = await consortium(api, 'waiting');
      return found.nodes.length === 3 && found.nodes.every(({ conditions }) => conditions.some(({ type, reason }) => type === 'Ready' && reason === 'ProgramMissing')) && found;
    });
    for (const { role, conditions } of view.nodes) {
      const message = conditions.find(({ type }) => type === 'Ready')?.message ?? '';
      assert.match(message, new RegExp(`program .*${role} .*install it`));
    }
    await until('the operation says what it waits for', async () => {
      const waiting = (await operation(api, id)).steps.find(({ state }) => state === 'waiting');
      return waiting?.name === 'nodes' && waiting.reason === 'ProgramMissing';
    });

    const programs = fabricPrograms();
    const target = join(cache, 'guildhall', 'fabric', '3.1.0');
    mkdirSync(join(target, 'bin'), { recursive: true });
    mkdirSync(join(target, 'config'), { recursive: true });
    for (const name of ['core.yaml', 'orderer.yaml']) copyFileSync(join(programs.configDir, name), join(target, 'config', name));
    for (const name of ['peer', 'orderer'] as const) symlinkSync(programs.path(name), join(target, 'bin', name));
    await timed(t, 'from the programs being there to the consortium running', () => succeeded(api, id));
    await stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}));

test("a node's port that another program holds is said with the program; when it is free, the node comes up", (t) => inHome(t, async (home) => {
  let guildhall = await home.start();
  const before = await create(guildhall.api, smallConsortium('taken'));
  await agreeOnTerms(guildhall.api, 'taken');
  const [host = '', port] = nodeOf(before, 'supplier', 'peer0').endpoint?.split(':') ?? [];
  await guildhall.stop();
  await whileTaken(host, Number(port), async () => {
    guildhall = await home.start();
    const message = await until('the node says whose the port is', async () =>
      nodeOf(await consortium(guildhall.api, 'taken'), 'supplier', 'peer0').conditions.find(({ type, reason }) => type === 'Ready' && reason === 'AddressInUse')?.message,
    );
    assert.match(message, new RegExp(`${port}.*${process.pid}`, 's'), 'the port and the process');
    t.diagnostic(message);
    assert.ok(nodeOf(await consortium(guildhall.api, 'taken'), 'core', 'orderer0'), 'the others run');
  });
  await timed(t, 'from the port being free to everything being ready', () => running(guildhall.api, 'taken'));
  await issue(guildhall.api, 'taken', 'after');
  await guildhall.stop();
}));
