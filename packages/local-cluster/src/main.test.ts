import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient, namespaces, pods, services, statefulSets, type KubernetesClient, type Pod } from '@guildhall/kubernetes';
import { launchLocalCluster, type LaunchedCluster } from './launch.ts';
import { isReady, namespace, pidOf, statefulSet } from './workloads/testing/world.ts';
import { isRunning, readProcess, signalProcess } from './workloads/process/identity.ts';
import { findTagged } from './workloads/process/tags.ts';
import { startTestDatabase } from './store/testing/database.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A home with its own database, in which the process is started as often as a test likes. */
async function createHome() {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-local-cluster-'));
  const database = await startTestDatabase();
  const file = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
    return path;
  };
  const token = 'f'.repeat(64);
  const road = await openRoad(database.url);
  const settings = {
    home: join(folder, 'home'),
    connectionFile: file('connection', road.url),
    principalsFile: file('principals.json', [{ name: 'tester', token, rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] }]),
    keyFile: join(folder, 'key'),
    programs: { sh: { command: ['/bin/sh', '-c'] } },
  };
  const settingsFile = file('settings.json', settings);
  const logFile = join(folder, 'log');
  const clusterId = (): string => (JSON.parse(readFileSync(join(settings.home, 'cluster.json'), 'utf8')) as { id: string }).id;
  let last: LaunchedCluster | undefined;
  cleanUps.push(async () => {
    if (last !== undefined) await kill(last);
    for (const { process: it } of findTagged(clusterId())) signalProcess(it, 'SIGKILL');
    await road.close();
    await database.stop();
    rmSync(folder, { recursive: true });
  });
  return {
    settings,
    database: road,
    settingsFile,
    logFile,
    clusterId,
    processes: () => findTagged(clusterId()).filter((it) => it.leader),
    async start(options: { renew?: boolean; timeoutMs?: number } = {}): Promise<LaunchedCluster> {
      last = await launchLocalCluster({ settingsFile, logFile, ...options });
      return last;
    },
    /** Takes effect with the next process. */
    giveToken(value: string): void {
      file('principals.json', [{ name: 'tester', token: value, rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] }]);
    },
    connectTo(connection: string): void {
      file('connection', connection);
    },
    /** Kills it so many milliseconds after its start, whether or not it serves by then. */
    async startAndKill(milliseconds: number): Promise<void> {
      const main = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), settingsFile], { detached: true, stdio: 'ignore' });
      await delay(milliseconds);
      main.kill('SIGKILL');
      await once(main, 'exit');
    },
    connect: (cluster: LaunchedCluster, as = token): KubernetesClient => createClient({ server: cluster.url, token: as, fieldManager: 'tester' }),
  };
}

/** The way to a database, which can be cut as if the database had gone. */
async function openRoad(databaseUrl: string) {
  const url = new URL(databaseUrl);
  const target = { host: url.hostname, port: Number(url.port) };
  let port = 0; // any, and then the same again
  const travellers = new Set<Socket>();
  const server = createServer((inner) => {
    const outer = connect(target);
    for (const [one, other] of [[inner, outer], [outer, inner]] as const) {
      travellers.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  const open = async (): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  const close = async (): Promise<void> => {
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    for (const socket of travellers) socket.destroy();
    travellers.clear();
    await closed;
  };
  await open();
  url.port = String(port);
  return { url: url.href, open, close };
}

/** The sudden end of the process: no handler runs. */
async function kill(cluster: LaunchedCluster): Promise<void> {
  signalProcess(cluster.process, 'SIGKILL');
  while (isRunning(cluster.process)) await delay(2);
}

async function deploy(client: KubernetesClient, names: string[], script = 'exec sleep 600'): Promise<void> {
  await client.create(namespaces, { metadata: { name: namespace } });
  await Promise.all(
    names.map(async (name) => {
      await client.create(services, { metadata: { name, namespace }, spec: { ports: [{ port: 7051 }] } });
      await client.create(statefulSets, statefulSet(name, script));
    }),
  );
}

async function untilReady(client: KubernetesClient, name: string): Promise<Pod> {
  for (;;) {
    const pod = await client.get(pods, { namespace, name: `${name}-0` });
    if (pod !== undefined && isReady(pod)) return pod;
    await delay(10);
  }
}

test('killed, it leaves its pods running; started again, it has the same address and the same pods', async () => {
  const home = await createHome();
  const first = await home.start();
  const client = home.connect(first);
  await deploy(client, ['peer']);
  const pod = await untilReady(client, 'peer');
  await client.close();
  await kill(first);
  assert.ok(readProcess(pidOf(pod)));

  const second = await home.start();
  assert.deepEqual([first.adopted, second.adopted], [false, true], 'its pods ran already');
  assert.equal(second.url, first.url);
  const again = home.connect(second);
  const adopted = await untilReady(again, 'peer');
  assert.equal(pidOf(adopted), pidOf(pod));
  assert.equal(adopted.status?.podIP, pod.status?.podIP);
  assert.equal(adopted.status?.containerStatuses?.[0]?.restartCount, 0);
  await again.close();
});

test('it is found by who starts it a second time, and refuses to run twice', async () => {
  const home = await createHome();
  const [one, two] = await Promise.all([home.start(), home.start()]);
  assert.equal(one.process.pid, two.process.pid);
  const third = await home.start();
  assert.deepEqual([third.adopted, third.process.pid], [true, one.process.pid]);
  const rival = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), home.settingsFile], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  rival.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(rival, 'close')) as [number];
  assert.equal(code, 3);
  assert.match(said, new RegExp(`^ALREADY_RUNNING: .* as process ${one.process.pid}\n`));
});

test('asked to end, it ends all pods and then itself; asked to leave them, itself alone', async () => {
  const home = await createHome();
  const first = await home.start();
  const client = home.connect(first);
  await deploy(client, ['peer', 'orderer']);
  const pid = pidOf(await untilReady(client, 'peer'));
  await untilReady(client, 'orderer');
  await client.close();
  await first.stop({ leavePods: true });
  assert.equal(home.processes().length, 2);
  const second = await home.start();
  const again = home.connect(second);
  assert.equal(pidOf(await untilReady(again, 'peer')), pid);
  await again.close();
  await second.stop();
  assert.deepEqual(findTagged(home.clusterId()), []);
});

test('renewed, it has the rules of the new start, and its pods run on', async () => {
  const home = await createHome();
  const first = await home.start();
  const client = home.connect(first);
  await deploy(client, ['peer']);
  const pid = pidOf(await untilReady(client, 'peer'));
  const token = 'e'.repeat(64);
  home.giveToken(token);
  const second = await home.start({ renew: true });
  assert.deepEqual([second.adopted, second.url, isRunning(first.process)], [true, first.url, false]);
  await assert.rejects(client.get(pods, { namespace, name: 'peer-0' }), { status: 401 });
  const again = home.connect(second, token);
  assert.equal(pidOf(await untilReady(again, 'peer')), pid);
  await client.close();
  await again.close();
});

test('told to stop when it has crashed, it leaves no pod running either', async () => {
  const home = await createHome();
  const cluster = await home.start();
  const client = home.connect(cluster);
  await deploy(client, ['peer']);
  await untilReady(client, 'peer');
  await client.close();
  await kill(cluster);
  assert.equal(home.processes().length, 1);
  await cluster.stop();
  assert.deepEqual(findTagged(home.clusterId()), []);
});

test('a database that is away at the start is waited for; who does not want to wait longer is told why, and nothing is left', async () => {
  const home = await createHome();
  await home.database.close();
  await assert.rejects(home.start({ timeoutMs: 8_000 }), { code: 'START_FAILED', message: /did not serve its API within 8 s; its log .* ends with:\n[^]*waiting for the database/ });
  const [late] = await Promise.all([home.start(), delay(500).then(home.database.open)]);
  assert.equal(late.adopted, false, 'of the first start nothing was left');
});

test('a start that cannot succeed says why', async () => {
  const home = await createHome();
  const wrong = new URL(home.database.url);
  wrong.password = 'wrong';
  home.connectTo(wrong.href);
  await assert.rejects(home.start(), { code: 'START_FAILED', message: /ended before it served its API[^]*START_FAILED: the database of the local cluster cannot be used: password authentication failed/ });
  rmSync(home.settings.keyFile);
  writeFileSync(home.settings.keyFile, '', { mode: 0o644 });
  await assert.rejects(home.start(), { code: 'START_FAILED', message: /INVALID_SETTINGS: .*mode 644.*chmod 600/ });
});

test('what a power cut left of its notes does not keep it from starting, nor its pods', async () => {
  const home = await createHome();
  const first = await home.start();
  const client = home.connect(first);
  await deploy(client, ['peer']);
  const pod = await untilReady(client, 'peer');
  await client.close();
  await kill(first);
  process.kill(pidOf(pod), 'SIGKILL');
  const folder = join(home.settings.home, 'pods', `${namespace}_peer-0_${pod.metadata.uid}`, pod.spec.containers[0]!.name);
  for (const file of [join(home.settings.home, 'main.pid'), join(home.settings.home, 'endpoint.json'), join(folder, 'process.json')]) writeFileSync(file, '');
  const again = home.connect(await home.start());
  for (let found = await untilReady(again, 'peer'); pidOf(found) === pidOf(pod); found = await untilReady(again, 'peer')) await delay(10);
  await again.close();
});

test('killed at any moment while pods come up, crash and are replaced, it never runs one twice and loses none', async () => {
  const home = await createHome();
  const names = ['one', 'two', 'three'];
  let cluster = await home.start();
  const client = home.connect(cluster);
  // Each ends now and then by itself.
  await deploy(client, names, 'sleep 0.$(( $$ % 9 + 1 )); exit 1');
  await client.close();
  for (let round = 0; round < 8; round++) {
    await delay(round * 37);
    await kill(cluster);
    await home.startAndKill(round * 60);
    assertNoneTwice(home.processes());
    cluster = await home.start();
  }
  const again = home.connect(cluster);
  for (const name of names) {
    const set = await again.get(statefulSets, { namespace, name });
    const template = structuredClone(set!.spec.template);
    template.spec.containers[0]!.args = ['exec sleep 600'];
    await again.mergePatch(statefulSets, { namespace, name }, { spec: { template } });
  }
  for (const name of names) {
    for (let pod = await untilReady(again, name); ; pod = await untilReady(again, name)) {
      if (pod.spec.containers[0]?.args?.[0] === 'exec sleep 600') break;
      await delay(10);
    }
  }
  assertNoneTwice(home.processes());
  assert.equal(home.processes().length, names.length);
  await again.close();
});

test('while the database is away pods run and restart and can be read; when it is back, everything is written', async () => {
  const home = await createHome();
  const client = home.connect(await home.start());
  await deploy(client, ['peer']);
  const pod = await untilReady(client, 'peer');
  await home.database.close();
  process.kill(pidOf(pod), 'SIGKILL');
  while (home.processes().every((it) => it.process.pid === pidOf(pod))) await delay(5);
  const [restarted] = home.processes();
  assert.equal(restarted?.tag.restartCount, 1);
  assert.ok(await client.get(pods, { namespace, name: 'peer-0' }));
  await assert.rejects(client.create(namespaces, { metadata: { name: 'late' } }), { status: 503 });
  await home.database.open();
  for (let found = await untilReady(client, 'peer'); pidOf(found) !== restarted?.process.pid; found = await untilReady(client, 'peer')) await delay(10);
  await client.create(namespaces, { metadata: { name: 'late' } });
  await client.close();
});

test('two clusters at once have addresses of their own', async () => {
  const homes = await Promise.all([createHome(), createHome()]);
  const addresses = await Promise.all(
    homes.map(async (home) => {
      const client = home.connect(await home.start());
      await deploy(client, ['peer']);
      const pod = await untilReady(client, 'peer');
      await client.close();
      return pod.status?.podIP?.split('.').slice(0, 2).join('.');
    }),
  );
  assert.notEqual(addresses[0], addresses[1]);
});

function assertNoneTwice(processes: ReturnType<typeof findTagged>): void {
  const containers = processes.map(({ tag }) => `${tag.podUid} ${tag.container}`);
  assert.equal(new Set(containers).size, containers.length, 'a container runs twice');
}
