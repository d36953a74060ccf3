import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { configMaps, events, persistentVolumeClaims, pods, secrets, services, statefulSets } from '@guildhall/kubernetes';
import { readProcess } from './process/identity.ts';
import { findTagged } from './process/tags.ts';
import { createWorld, deploy, isReady, namespace, pidOf, podThat, readLog, statefulSet, type World } from './testing/world.ts';

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function world(): Promise<World> {
  const made = await createWorld();
  worlds.push(made);
  return made;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(5);
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

test('the pod of a StatefulSet runs as a process and has the address of its Service', async () => {
  const it = await world();
  const env = [
    { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    { name: 'LISTEN', value: '$(POD_IP):7051 $$(POD_IP) $(UNKNOWN)' },
    { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
  ];
  await deploy(it, statefulSet('peer', 'echo "$LISTEN $NAME $(hostname -s >/dev/null; echo $HOSTNAME)"; exec sleep 600', { env }));
  const pod = await podThat(it, 'peer', isReady);
  const service = await it.client.get(services, { namespace, name: 'peer' });
  assert.equal(pod.status?.podIP, service?.spec.clusterIP);
  assert.match(pod.status?.podIP ?? '', new RegExp(`^127\\.${it.identity.network}\\.`));
  await until(async () => (await readLog(it, 'peer')).length > 0);
  assert.deepEqual(await readLog(it, 'peer'), [`${pod.status?.podIP}:7051 $(POD_IP) $(UNKNOWN) peer-0 peer-0`]);
  await until(async () => (await it.client.get(statefulSets, { namespace, name: 'peer' }))?.status?.readyReplicas === 1);
});

test('the secrets of this process do not reach a pod', async () => {
  const it = await world();
  process.env['GUILDHALL_TEST_SECRET'] = 'secret';
  await deploy(it, statefulSet('peer', 'env | cut -d= -f1 | sort | tr "\\n" " "; exec sleep 600'));
  await podThat(it, 'peer', isReady);
  await until(async () => (await readLog(it, 'peer')).length > 0);
  const names = (await readLog(it, 'peer'))[0]!.trim().split(' ');
  assert.deepEqual(names.filter((name) => name !== '_' && name !== 'PWD'), ['GUILDHALL_POD_PROCESS', 'HOME', 'HOSTNAME', 'PATH', 'TMPDIR']);
});

test('volumes are found at their mount paths, and a changed Secret shows in them at once', async () => {
  const it = await world();
  await it.client.create(secrets, { metadata: { name: 'keys', namespace }, data: { 'key.pem': base64('one') } });
  await it.client.create(configMaps, { metadata: { name: 'settings', namespace }, data: { 'run.sh': '#!/bin/sh\necho from the config map' } });
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  await it.client.create(persistentVolumeClaims, { metadata: { name: 'ledger', namespace }, spec: claim });
  const volumes = [
    { name: 'keys', secret: { secretName: 'keys', defaultMode: 0o440 } },
    { name: 'scripts', configMap: { name: 'settings', defaultMode: 0o555 } },
    { name: 'data', persistentVolumeClaim: { claimName: 'ledger' } },
    { name: 'scratch', emptyDir: {} },
  ];
  const container = {
    env: [{ name: 'KEY_FILE', value: '/etc/keys/key.pem' }],
    volumeMounts: [
      { name: 'keys', mountPath: '/etc/keys' },
      { name: 'scripts', mountPath: '/scripts' },
      { name: 'data', mountPath: '/var/ledger', subPath: 'peer' },
      { name: 'scratch', mountPath: '/scratch' },
    ],
  };
  const script = '/scripts/run.sh; mkdir -p /var/ledger; cat $KEY_FILE > /var/ledger/copy; touch /scratch/x; echo; echo $KEY_FILE; exec sleep 600';
  await deploy(it, statefulSet('peer', script, container, volumes));
  const pod = await podThat(it, 'peer', isReady);
  await until(async () => (await readLog(it, 'peer')).length === 3);
  const [first, , keyFile] = await readLog(it, 'peer');
  assert.equal(first, 'from the config map');
  assert.equal(readFileSync(keyFile!, 'utf8'), 'one');
  assert.equal(statSync(keyFile!).mode & 0o777, 0o400);
  const bound = await it.client.get(persistentVolumeClaims, { namespace, name: 'ledger' });
  assert.partialDeepStrictEqual(bound?.status, { phase: 'Bound', capacity: { storage: '1Gi' } });
  assert.equal(readFileSync(join(it.home, 'claims', `${namespace}_ledger_${bound?.metadata.uid}`, 'peer/copy'), 'utf8'), 'one');

  await it.client.mergePatch(secrets, { namespace, name: 'keys' }, { data: { 'key.pem': base64('two') } });
  await until(() => readFileSync(keyFile!, 'utf8') === 'two');
  assert.equal(pidOf((await it.client.get(pods, { namespace, name: 'peer-0' }))!), pidOf(pod));
});

test('a pod waits for what it needs, says for what, and starts when it is there', async () => {
  const it = await world();
  const env = [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'late', key: 'password' } } }];
  await it.client.create(statefulSets, statefulSet('peer', 'echo $PASSWORD; exec sleep 600', { env, image: 'later', command: ['/bin/sh', '-c'] }));
  const waiting = (pod: { status?: { containerStatuses?: { state?: { waiting?: { reason?: string; message?: string } } }[] } }) => pod.status?.containerStatuses?.[0]?.state?.waiting;
  await podThat(it, 'peer', (pod) => /the Service peer of the pod is not there yet/.test(waiting(pod)?.message ?? ''));
  await it.client.create(services, { metadata: { name: 'peer', namespace }, spec: { ports: [{ port: 7051 }] } });
  await podThat(it, 'peer', (pod) => waiting(pod)?.reason === 'ErrImagePull' && /no program stands for the image later/.test(waiting(pod)?.message ?? ''));
  it.programs['later'] = { command: ['unused'] };
  await podThat(it, 'peer', (pod) => /the Secret late with the key password is not there yet/.test(waiting(pod)?.message ?? ''));
  await it.client.create(secrets, { metadata: { name: 'late', namespace }, data: { password: base64('pw') } });
  await podThat(it, 'peer', isReady);
});

test('the end of a process is in the pod, with why; it is started again, and people can read about it', async () => {
  const it = await world();
  await deploy(it, statefulSet('peer', 'echo about to run; exec sleep 600'));
  const first = await podThat(it, 'peer', isReady);
  await until(async () => (await readLog(it, 'peer')).length > 0);
  const seen: string[] = [];
  const watching = new AbortController();
  const { resourceVersion } = await it.client.list(pods, { namespace });
  const watched = (async () => {
    for await (const event of it.client.watch(pods, { namespace, resourceVersion, signal: watching.signal })) {
      if (event.type !== 'MODIFIED') continue;
      const status = event.object.status?.containerStatuses?.[0];
      seen.push(`${Object.keys(status?.state ?? {}).join('')} ${isReady(event.object)} ${status?.restartCount}`);
    }
  })().catch((error: unknown) => watching.signal.aborted || Promise.reject(error));
  await assert.rejects(readLog(it, 'peer', { previous: true }), { status: 400, message: /previous terminated container .* not found/ });
  const log = await readLog(it, 'peer');
  process.kill(pidOf(first), 'SIGKILL');
  const second = await podThat(it, 'peer', (pod) => isReady(pod) && pod.status?.containerStatuses?.[0]?.restartCount === 1);
  assert.deepEqual(await readLog(it, 'peer', { previous: true }), log);
  watching.abort();
  await watched;
  assert.equal(seen[0], 'terminated false 0', 'nobody misses the end, however fast the next start is');
  assert.equal(second.status?.podIP, first.status?.podIP);
  const last = second.status?.containerStatuses?.[0]?.lastState?.terminated;
  assert.partialDeepStrictEqual(last, { exitCode: 137, signal: 9, reason: 'Error', message: 'about to run' });
  await until(async () => (await it.client.list(events, { namespace })).items.filter((event) => event.reason === 'Started').length === 2);
});

test('a changed template ends the old process before the new one starts', async () => {
  const it = await world();
  const guard = 'mkdir /lock/held || { echo "two at once"; exit 1; }; trap "rmdir /lock/held; exit 0" TERM; while :; do sleep 0.02; done';
  await it.client.create(persistentVolumeClaims, { metadata: { name: 'lock', namespace }, spec: { accessModes: ['ReadWriteOnce'] } });
  const mount = { volumeMounts: [{ name: 'lock', mountPath: '/lock' }] };
  const set = statefulSet('peer', `: one; ${guard}`, mount, [{ name: 'lock', persistentVolumeClaim: { claimName: 'lock' } }]);
  await deploy(it, set);
  const first = await podThat(it, 'peer', isReady);
  const template = structuredClone(set.spec.template);
  template.spec.containers[0]!.args = [`: two; ${guard}`];
  await it.client.mergePatch(statefulSets, { namespace, name: 'peer' }, { spec: { template } });
  const second = await podThat(it, 'peer', (pod) => isReady(pod) && pod.metadata.uid !== first.metadata.uid);
  assert.equal(second.status?.podIP, first.status?.podIP);
  assert.equal(second.status?.containerStatuses?.[0]?.restartCount, 0);
  assert.equal(readProcess(pidOf(first)), undefined);
});

test('deleting a StatefulSet ends its process and keeps the claim; deleting the claim removes its data', async () => {
  const it = await world();
  const set = statefulSet('peer', 'exec sleep 600', { volumeMounts: [{ name: 'data', mountPath: '/data' }] });
  set.spec.volumeClaimTemplates = [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }];
  await deploy(it, set);
  const pod = await podThat(it, 'peer', isReady);
  // In use: the claim stays, marked, until the pod has gone.
  await it.client.delete(persistentVolumeClaims, { namespace, name: 'data-peer-0' });
  assert.ok((await it.client.get(persistentVolumeClaims, { namespace, name: 'data-peer-0' }))?.metadata.deletionTimestamp);
  assert.equal(readdirSync(join(it.home, 'claims')).length, 1);
  await it.client.delete(statefulSets, { namespace, name: 'peer' });
  await until(async () => (await it.client.get(pods, { namespace, name: 'peer-0' })) === undefined);
  assert.equal(readProcess(pidOf(pod)), undefined);
  await until(async () => (await it.client.get(persistentVolumeClaims, { namespace, name: 'data-peer-0' })) === undefined);
  assert.deepEqual(readdirSync(join(it.home, 'claims')), []);
  assert.deepEqual(readdirSync(join(it.home, 'pods')), []);
});

test('a claim of the class local-retain leaves its data, with a note; an unknown class is refused in words', async () => {
  const it = await world();
  const spec = { accessModes: ['ReadWriteOnce'], storageClassName: 'local-retain' };
  await it.client.create(persistentVolumeClaims, { metadata: { name: 'ledger', namespace }, spec });
  await it.client.create(persistentVolumeClaims, { metadata: { name: 'odd', namespace }, spec: { ...spec, storageClassName: 'ssd' } });
  await until(async () => (await it.client.get(persistentVolumeClaims, { namespace, name: 'ledger' }))?.status?.phase === 'Bound');
  await it.client.delete(persistentVolumeClaims, { namespace, name: 'ledger' });
  await until(async () => (await it.client.get(persistentVolumeClaims, { namespace, name: 'ledger' })) === undefined);
  const [folder, note] = readdirSync(join(it.home, 'claims'));
  assert.equal(note, `${folder}.retained.json`);
  await until(async () => (await it.client.list(events, { namespace })).items.some((event) => /no storage class ssd/.test(event.note ?? '')));
});

test('a taken port is told with who has it, and the pod starts when it is free', async () => {
  const it = await world();
  await it.client.create(services, { metadata: { name: 'peer', namespace }, spec: { ports: [{ port: 7051 }] } });
  const address = (await it.client.get(services, { namespace, name: 'peer' }))?.spec.clusterIP;
  const server = createServer().listen(7051, address);
  await once(server, 'listening');
  await it.client.create(statefulSets, statefulSet('peer', 'exec sleep 600', { ports: [{ containerPort: 7051 }] }));
  const pod = await podThat(it, 'peer', (found) => found.status?.containerStatuses?.[0]?.state?.waiting?.reason === 'PortTaken');
  assert.match(pod.status?.containerStatuses?.[0]?.state?.waiting?.message ?? '', new RegExp(`port 7051 of ${address} is taken by process ${process.pid} \\(`));
  server.close();
  await podThat(it, 'peer', isReady);
});

test('a pod whose folder cannot be made, as on a full disk, says so, and starts when it can', async () => {
  const it = await world();
  const folder = join(it.home, 'pods');
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'in the way');
  await deploy(it, statefulSet('peer', 'exec sleep 600'));
  const pod = await podThat(it, 'peer', (found) => found.status?.containerStatuses?.[0]?.state?.waiting?.reason === 'CreateContainerError');
  assert.match(pod.status?.containerStatuses?.[0]?.state?.waiting?.message ?? '', /^ENOTDIR: .*mkdir/);
  rmSync(folder);
  await it.client.mergePatch(services, { namespace, name: 'peer' }, { metadata: { labels: { nudged: 'yes' } } });
  await podThat(it, 'peer', isReady);
});

test('after a crash running processes are adopted, and everything about them goes on', async () => {
  const it = await world();
  await it.client.create(secrets, { metadata: { name: 'keys', namespace }, data: { key: base64('one') } });
  const volumes = [{ name: 'keys', secret: { secretName: 'keys' } }];
  const container = { volumeMounts: [{ name: 'keys', mountPath: '/keys' }] };
  await deploy(it, statefulSet('peer', 'echo /keys/key; exec sleep 600', container, volumes));
  const pid = pidOf(await podThat(it, 'peer', isReady));
  await it.restart();
  assert.equal(pidOf(await podThat(it, 'peer', isReady)), pid);
  assert.equal(findTagged(it.identity.id).length, 1);
  const [keyFile] = await readLog(it, 'peer');
  await it.client.mergePatch(secrets, { namespace, name: 'keys' }, { data: { key: base64('two') } });
  await until(() => readFileSync(keyFile!, 'utf8') === 'two');
  process.kill(pid, 'SIGKILL');
  const again = await podThat(it, 'peer', (pod) => isReady(pod) && pod.status?.containerStatuses?.[0]?.restartCount === 1);
  assert.notEqual(pidOf(again), pid);
});

test('what changed while nobody looked shows in the volumes of a pod that ran on', async () => {
  const it = await world();
  await it.client.create(configMaps, { metadata: { name: 'addresses', namespace } });
  const volumes = [{ name: 'addresses', configMap: { name: 'addresses' } }];
  await deploy(it, statefulSet('peer', 'echo /addresses; exec sleep 600', { volumeMounts: [{ name: 'addresses', mountPath: '/addresses' }] }, volumes));
  const pid = pidOf(await podThat(it, 'peer', isReady));
  const [folder] = await readLog(it, 'peer');
  await it.workloads.leave();
  await it.client.mergePatch(configMaps, { namespace, name: 'addresses' }, { data: { contract: 'here' } });
  await it.restart();
  await until(() => existsSync(join(folder!, 'contract')) && readFileSync(join(folder!, 'contract'), 'utf8') === 'here');
  assert.equal(pidOf(await podThat(it, 'peer', isReady)), pid);
});

test('what could not be shown in a volume is tried again', async () => {
  const it = await world();
  await it.client.create(configMaps, { metadata: { name: 'addresses', namespace } });
  const volumes = [{ name: 'addresses', configMap: { name: 'addresses' } }];
  await deploy(it, statefulSet('peer', 'echo /addresses; exec sleep 600', { volumeMounts: [{ name: 'addresses', mountPath: '/addresses' }] }, volumes));
  await podThat(it, 'peer', isReady);
  const [folder = ''] = await readLog(it, 'peer');
  renameSync(folder, `${folder}.away`);
  writeFileSync(folder, 'in the way');
  await it.client.mergePatch(configMaps, { namespace, name: 'addresses' }, { data: { contract: 'here' } });
  await delay(100);
  rmSync(folder);
  renameSync(`${folder}.away`, folder);
  await until(() => existsSync(join(folder, 'contract')) && readFileSync(join(folder, 'contract'), 'utf8') === 'here');
});

test('what was deleted while nobody looked is cleaned up', async () => {
  const it = await world();
  await deploy(it, statefulSet('peer', 'exec sleep 600'));
  const pod = await podThat(it, 'peer', isReady);
  await it.workloads.leave();
  await it.client.delete(statefulSets, { namespace, name: 'peer' });
  await it.client.delete(pods, { namespace, name: 'peer-0' }, { gracePeriodSeconds: 0 });
  assert.ok(readProcess(pidOf(pod)));
  await it.restart();
  await until(() => readProcess(pidOf(pod)) === undefined);
  assert.deepEqual(readdirSync(join(it.home, 'pods')), []);
});

test('stopping ends every process and says so; the next start brings the pods back', async () => {
  const it = await world();
  await deploy(it, statefulSet('peer', 'trap "exit 0" TERM; while :; do sleep 0.02; done'));
  await deploy(it, statefulSet('stray', 'setsid sleep 600 & exec sleep 600'));
  const pod = await podThat(it, 'peer', isReady);
  await podThat(it, 'stray', isReady);
  await it.workloads.stop();
  assert.deepEqual(findTagged(it.identity.id), []);
  const stopped = await it.client.get(pods, { namespace, name: 'peer-0' });
  assert.equal(isReady(stopped!), false);
  assert.partialDeepStrictEqual(stopped?.status?.containerStatuses?.[0]?.state?.terminated, { exitCode: 0, reason: 'Completed' });
  await it.restart();
  const back = await podThat(it, 'peer', isReady);
  assert.equal(back.metadata.uid, pod.metadata.uid);
  assert.equal(back.status?.podIP, pod.status?.podIP);
});

test('a namespace goes with everything that runs in it', async () => {
  const it = await world();
  await deploy(it, statefulSet('peer', 'exec sleep 600', { volumeMounts: [{ name: 'data', mountPath: '/data' }] }, [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]));
  await it.client.create(persistentVolumeClaims, { metadata: { name: 'data', namespace }, spec: { accessModes: ['ReadWriteOnce'] } });
  const pod = await podThat(it, 'peer', isReady);
  const { namespaces } = await import('@guildhall/kubernetes');
  await it.client.delete(namespaces, { name: namespace });
  await until(async () => (await it.client.get(namespaces, { name: namespace })) === undefined);
  assert.equal(readProcess(pidOf(pod)), undefined);
  assert.ok(existsSync(join(it.home, 'claims')));
  assert.deepEqual(readdirSync(join(it.home, 'claims')), []);
});
