import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { BUILDER_SCRIPTS, connectionFile } from '@guildhall/fabric';
import { buildContract } from '@guildhall/contract-runner';
import { Client } from 'pg';
import { connectFakePeer } from '../../contracts/runner/test/fake-peer.ts';
import { createAuthority, createPerson } from '../../contracts/runner/test/people.ts';
import { freePort } from '../../test/support/free-port.ts';
import { serveArtifact } from '../../contracts/runner/test/running-contract.ts';
import { ensureFabricPrograms } from '../../scripts/programs/fabric.js';
import { buildConsole } from '../../scripts/web-console.js';
import { examples, recipes } from '../src/recipes/index.ts';
import { createSources } from '../src/recipes/recipe.ts';
import { writeImages, type WrittenImage } from '../src/write-images.ts';
import { runToEnd, start, unpack, type RunningImage, type UnpackedImage } from './unpacked-image.ts';

const root = resolve(import.meta.dirname, '../..');
const skip = process.getuid?.() === 0 || process.env['CI'] === 'true' ? false : 'to run an image without a container engine takes root';
const quiet = { onProgress: () => undefined };

async function until(running: RunningImage, words: RegExp): Promise<void> {
  while (!words.test(running.output())) {
    if (!running.isRunning()) throw new Error(`it ended without ${words}:\n${running.output()}`);
    await delay(20);
  }
}

describe('the images', { skip }, () => {
  let folder: string;
  let fabric: string;
  let written: Map<string, WrittenImage>;
  const unpacked = new Map<string, UnpackedImage>();

  const write = async (names: readonly string[], output: string): Promise<Map<string, WrittenImage>> => {
    const made = new Map<string, WrittenImage>();
    const sources = createSources({ root, fabric, version: '0.1.0', revision: 'a'.repeat(40) });
    await writeImages({ recipes: [...recipes, ...examples].filter(({ name }) => names.includes(name)), sources, output, onWritten: (image) => void made.set(image.name, image) });
    return made;
  };
  const file = (name: string): string => join(folder, 'images', name);
  /** Unpacked when it is first asked for. */
  const image = (name: string): UnpackedImage => {
    const found = unpacked.get(name) ?? unpack(file(`${name}.tar`), join(folder, name));
    unpacked.set(name, found);
    return found;
  };
  const components = (name: string): { name: string; version: string; purl: string }[] => JSON.parse(readFileSync(file(`${name}.cdx.json`), 'utf8')).components;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'guildhall-images-'));
    // The user in an image comes through here to what is mounted.
    chmodSync(folder, 0o755);
    fabric = await ensureFabricPrograms(quiet);
    await buildConsole(() => Promise.resolve(), quiet);
    written = await write(recipes.map(({ name }) => name), join(folder, 'images'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('made again in another folder have the same digest and the same list of what is in them', async () => {
    // A bundle; one with packages, sources and the console; Debian's programs beside one of Go.
    const names = ['contract-runner', 'control-plane', 'fabric-peer'];
    const again = join(folder, 'again/further/down');
    const made = await write(names, again);
    for (const name of names) {
      assert.equal(made.get(`guildhall/${name}`)?.digest, written.get(`guildhall/${name}`)?.digest, name);
      for (const each of [`${name}.tar`, `${name}.cdx.json`]) assert.ok(readFileSync(join(again, each)).equals(readFileSync(file(each))), each);
    }
  });

  test('an example is made when it is named, of its one program, and made again it is the same', async () => {
    for (const again of ['once', 'twice']) await write(['notary'], join(folder, again));
    assert.ok(readFileSync(join(folder, 'once/notary.tar')).equals(readFileSync(join(folder, 'twice/notary.tar'))));
    const { components } = JSON.parse(readFileSync(join(folder, 'once/notary.cdx.json'), 'utf8')) as { components: { name: string }[] };
    assert.ok(components.some(({ name }) => name === 'github.com/hyperledger/fabric-contract-api-go/v2'));
  });

  test('are named by their digests in one file, and nothing else is left beside them', () => {
    assert.deepEqual(JSON.parse(readFileSync(file('digests.json'), 'utf8')), Object.fromEntries([...written.values()].map(({ name, digest }) => [name, digest])));
    assert.deepEqual(readdirSync(file('.')).toSorted(), ['digests.json', ...recipes.flatMap(({ name }) => [`${name}.cdx.json`, `${name}.tar`])].toSorted());
  });

  for (const [name, lacks] of Object.entries({
    operator: /GUILDHALL_ARTIFACT_URL is not set/,
    'certificate-authority': /GUILDHALL_DATABASE_URL_FILE is not set/,
    'ledger-gateway': /GUILDHALL_\w+ is not set|ENOENT.*serviceaccount/,
    monitor: /ENOENT.*serviceaccount/,
    'contract-runner': /GUILDHALL_ARTIFACT_DIGEST is not set/,
    'control-plane': /GUILDHALL_DATABASE_URL_FILE is not set/,
    postgres: /\/etc\/guildhall\/databases/,
  }))
    test(`${name} starts without root and without a file that it may write, and says what it lacks`, async () => {
      // The machine's ports are everybody's.
      const { code, output } = await runToEnd(image(name), { environment: name === 'postgres' ? {} : { GUILDHALL_HEALTH_ADDRESS: `127.0.0.1:${await freePort()}` } });
      assert.match(output, lacks);
      assert.doesNotMatch(output, /SyntaxError|ERR_MODULE_NOT_FOUND|is not defined/);
      assert.equal(code, 1);
    });

  test('say who they run as, of what version and commit they are, and under which licence', () => {
    for (const { name } of recipes) {
      const { config } = image(name);
      assert.equal(config.User, '65532:65532', name);
      for (const label of ['version', 'licenses', 'revision', 'title']) assert.ok(config.Labels[`org.opencontainers.image.${label}`], `${name}: ${label}`);
    }
    assert.equal(image('fabric-peer').config.Labels['org.opencontainers.image.version'], written.get('guildhall/fabric-peer')?.version);
  });

  test('have no shell where nothing needs one, and no package manager anywhere', () => {
    const withShell = new Set(['fabric-peer', 'control-plane', 'postgres']);
    for (const { name } of recipes) {
      assert.equal(image(name).has('/usr/bin/sh'), withShell.has(name), name);
      for (const program of ['apt', 'apt-get', 'dpkg', 'npm', 'npx', 'corepack']) assert.equal(image(name).has(`/usr/bin/${program}`), false, `${name}: ${program}`);
    }
  });

  test('have nothing that another than root could change', () => {
    for (const { name } of recipes) {
      const { root: files } = image(name);
      const { stdout } = spawnSync('find', [files, '-xdev', '!', '-type', 'l', '-perm', '/6022', '!', '-path', `${files}/tmp`], { encoding: 'utf8' });
      assert.equal(stdout, '', name);
    }
  });

  test('list Debian packages as dpkg knows them, Node.js as it says itself, and Go modules as go reads them', async () => {
    const debian = components('fabric-peer').filter(({ purl }) => purl.startsWith('pkg:deb/'));
    assert.ok(['libc6', 'dash', 'grep', 'sed', 'coreutils', 'ca-certificates'].every((name) => debian.some((each) => each.name === name)));
    const { stdout } = spawnSync('dpkg-query', ['--show', '--showformat=${Package} ${Version}\n', ...debian.map(({ name }) => name)], { encoding: 'utf8' });
    assert.deepEqual(debian.map(({ name, version }) => `${name} ${version}`).toSorted(), stdout.trimEnd().split('\n').toSorted());
    const { output } = await runToEnd(image('operator'), { command: ['/usr/bin/node', '--version'] });
    assert.equal(`v${components('operator').find(({ name }) => name === 'node')?.version}`, output.trim());
    const go = spawnSync('go', ['version', '-m', join(fabric, 'peer')], { encoding: 'utf8' });
    assert.equal(go.status, 0, 'go is there: it has built the peer');
    const modules = [...go.stdout.matchAll(/^\t(?:mod|dep)\t(\S+)\t(\S+)/gm)].map(([, name, version]) => `${name} ${version}`);
    assert.deepEqual(components('fabric-peer').filter(({ purl }) => purl.startsWith('pkg:golang/') && !purl.includes('/stdlib@')).map(({ name, version }) => `${name} ${version}`).toSorted(), modules.toSorted());
  });

  test('of Node.js find the names that a pod is given', async () => {
    const hosts = join(folder, 'hosts');
    writeFileSync(hosts, '10.1.2.3 a-pod\n');
    const { output } = await runToEnd(image('operator'), { command: ['/usr/bin/node', '-e', "require('node:dns').lookup('a-pod', (error, address) => console.log(error?.code ?? address))"], volumes: { '/etc/hosts': hosts } });
    assert.equal(output.trim(), '10.1.2.3');
  });

  test('contract-runner serves a contract to a peer', async () => {
    const built = await buildContract({ entry: new URL('../../contracts/receivable/src/v1.ts', import.meta.url) });
    const artifacts = await serveArtifact(built.artifact);
    const [port, healthPort] = [await freePort(), await freePort()];
    const contract = start(image('contract-runner'), {
      environment: {
        GUILDHALL_ARTIFACT_DIGEST: built.digest,
        GUILDHALL_ARTIFACT_URL: artifacts.url,
        GUILDHALL_ARTIFACT_CACHE: '/tmp/artifacts',
        GUILDHALL_CONTRACT_ADDRESS: `127.0.0.1:${port}`,
        GUILDHALL_HEALTH_ADDRESS: `127.0.0.1:${healthPort}`,
        GUILDHALL_PACKAGE_ID: `receivable_1.0.0:${'ab'.repeat(32)}`,
      },
    });
    try {
      await until(contract, /the contract is served/);
      const peer = await connectFakePeer(`127.0.0.1:${port}`, undefined);
      const admin = await createPerson(await createAuthority(), 'CoreMSP', 'admin,debtor');
      const answer = await peer.simulate(admin, ['no such operation', '{}']);
      peer.close();
      assert.match(answer.message, /"code":"INVALID_ARG".*there is no operation no such operation/);
      assert.equal(await contract.end('SIGTERM'), 0, contract.output());
    } finally {
      await contract.end('SIGKILL');
      await artifacts.close();
    }
  });

  test('control-plane builds and checks contracts as its sources do', async () => {
    const script = `
      const { buildContract, checkContract, readSource } = await import('/app/node_modules/@guildhall/contract-runner/src/index.ts');
      const { catalogueEntry } = await import('/app/node_modules/@guildhall/contract-receivable/src/index.ts');
      const source = await readSource(catalogueEntry.versions[0].entry);
      const wrong = await checkContract({ entry: 'main.ts', files: { 'main.ts': "const a: number = 'text'; export const invoke = () => a; export const describe = () => '{}';" } });
      console.log(JSON.stringify({ digest: (await buildContract(source)).digest, good: (await checkContract(source)).problems, wrong: wrong.problems }));`;
    const { code, output } = await runToEnd(image('control-plane'), { command: ['/usr/bin/node', '--input-type=module', '-e', script] });
    assert.equal(code, 0, output);
    const said = JSON.parse(output);
    const { digest } = await buildContract({ entry: new URL('../../contracts/receivable/src/v1.ts', import.meta.url) });
    assert.equal(said.digest, digest);
    assert.match(JSON.stringify(said.wrong), /not assignable to type 'number'/);
    assert.deepEqual(said.good, []);
  });

  test('control-plane takes leave of processes that are left behind, ends when it is asked to, and as its program does', async () => {
    const program = join(folder, 'main.mjs');
    const volumes = { '/app/main.mjs': program };
    // A child that is gone before its own child is: that one is left to the first process.
    writeFileSync(program, `
      import { spawn } from 'node:child_process';
      import { readdirSync, readFileSync } from 'node:fs';
      spawn('/usr/bin/sh', ['-c', '/usr/bin/node -e 0 & exit 0']);
      const states = () => readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).map((name) => /\\) (.) ([0-9]+)/.exec(readFileSync('/proc/' + name + '/stat', 'utf8')));
      setTimeout(() => console.log('left behind:', states().filter(([, state]) => state === 'Z').length), 1000);
      setInterval(() => undefined, 1000);
      process.on('SIGTERM', () => { console.log('asked to end'); process.exit(7); });`);
    const running = start(image('control-plane'), { volumes });
    await until(running, /left behind/);
    assert.equal(await running.end('SIGTERM'), 7, running.output());
    assert.match(running.output(), /left behind: 0\n[^]*asked to end/);
  });

  test('fabric-peer has what the scripts of its builder use', async () => {
    const work = join(folder, 'builder');
    const put = (path: string, text: string, mode = 0o644): void => {
      mkdirSync(dirname(join(work, path)), { recursive: true });
      writeFileSync(join(work, path), text, { mode });
    };
    for (const [path, text] of Object.entries(BUILDER_SCRIPTS)) put(path, text, 0o755);
    put('metadata/metadata.json', '{"type":"ccaas","label":"trade_1.0"}');
    put('source/META-INF/statedb/index.json', '{}');
    const connection = connectionFile({ address: 'contract:9999', rootCertificate: 'root' });
    put('contracts/trade_1.0.json', connection);
    for (const each of ['output', 'release']) {
      mkdirSync(join(work, each));
      chownSync(join(work, each), 65_532, 65_532);
    }
    const path = (name: string): string => `/package/${name}`;
    for (const command of [['bin/detect', 'source', 'metadata'], ['bin/build', 'source', 'metadata', 'output'], ['bin/release', 'output', 'release']]) {
      const { code, output } = await runToEnd(image('fabric-peer'), { command: command.map(path), environment: { GUILDHALL_CONTRACTS_DIR: path('contracts') }, volumes: { '/package': work } });
      assert.equal(code, 0, output);
    }
    assert.equal(readFileSync(join(work, 'release/chaincode/server/connection.json'), 'utf8'), connection);
    assert.ok(existsSync(join(work, 'release/statedb/index.json')));
  });

  test("Fabric's programs are found by their names and read their default configuration", async () => {
    for (const name of ['peer', 'orderer']) {
      const { code, output } = await runToEnd(image(`fabric-${name}`), { command: [name, 'version'] });
      assert.equal(code, 0, output);
    }
    // With its configuration each gets as far as its identity, which is for whoever runs it.
    assert.match((await runToEnd(image('fabric-orderer'))).output, /msp/i);
    assert.match((await runToEnd(image('fabric-peer'))).output, /msp/i);
  });

  test('postgres makes the databases that it is told of, once; a kill and a new password lose nothing', async () => {
    const [volume, passwords, tmp] = [join(folder, 'volume'), join(folder, 'passwords'), join(folder, 'tmp')];
    for (const each of [volume, passwords, tmp]) mkdirSync(each);
    for (const each of [volume, tmp]) chownSync(each, 65_532, 65_532);
    const port = await freePort();
    const query = async (password: string, text: string): Promise<unknown[]> => {
      const client = new Client({ host: '127.0.0.1', port, user: 'control_plane', password, database: 'control_plane' });
      await client.connect();
      try {
        return (await client.query(text)).rows;
      } finally {
        await client.end();
      }
    };
    const running = async (password: string): Promise<RunningImage> => {
      writeFileSync(join(passwords, 'control_plane'), password);
      const server = start(image('postgres'), { environment: { GUILDHALL_LISTEN_ADDRESS: `127.0.0.1:${port}` }, volumes: { '/var/lib/postgresql': volume, '/etc/guildhall/databases': passwords, '/tmp': tmp } });
      // The first that starts makes the databases, and listens to nobody.
      await until(server, /listening on IPv4[^]*ready to accept connections/);
      return server;
    };
    const passwordsOf = ['first-long-password', 'other-long-password'] as const;
    const first = await running(passwordsOf[0]);
    await query(passwordsOf[0], 'create table kept as select 42 as answer');
    await first.end('SIGKILL');
    // As a volume is opened to its group when a pod is given it.
    chmodSync(join(volume, 'data'), 0o2770);
    // What the killed one holds locked; in the next container a thread of the first process has the number.
    const locks = [join(volume, 'data', 'postmaster.pid'), ...readdirSync(tmp, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.lock')).map((path) => join(tmp, path))];
    assert.equal(locks.length, 2);
    for (const lock of locks) writeFileSync(lock, readFileSync(lock, 'utf8').replace(/^\d+/, '2'));
    const second = await running(passwordsOf[1]);
    try {
      assert.deepEqual(await query(passwordsOf[1], 'select answer from kept'), [{ answer: 42 }]);
      await assert.rejects(query(passwordsOf[0], 'select 1'), /password authentication failed/);
      for (const password of passwordsOf) assert.ok(!second.output().includes(password) && !first.output().includes(password), 'no password is told');
    } finally {
      assert.equal(await second.end('SIGTERM'), 0, second.output());
    }
  });
});
