import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ensureKubernetesPrograms, findKubernetesPrograms, KubernetesProgramsError } from './kubernetes.js';

let root;
let count = 0;
before(async () => (root = await mkdtemp(join(tmpdir(), 'guildhall-kubernetes-'))));
after(() => rm(root, { recursive: true, force: true }));

const names = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'];
const newCache = () => join(root, `cache-${count++}`);
async function goThat(body) {
  const folder = join(root, `bin-${count++}`);
  await mkdir(folder);
  await writeFile(join(folder, 'go'), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return { PATH: `${folder}:/usr/bin:/bin` };
}
const building = `case "$1" in
  version) echo "go version go1.24.0 linux/amd64";;
  build) [ -f go.mod ] || exit 9; while [ "$1" != "-o" ]; do shift; done; printf '#!/bin/sh\\n' > "$2"; chmod 755 "$2";;
esac`;

test('what is missing is built, in one go, and found again without Go', async () => {
  const cacheDir = newCache();
  assert.equal(findKubernetesPrograms({ cacheDir }), undefined);
  await mkdir(join(cacheDir, 'build-of-a-killed-run'), { recursive: true });
  const lines = [];
  const [bin, same] = await Promise.all(
    [1, 2].map(async () => ensureKubernetesPrograms({ cacheDir, env: await goThat(building), onProgress: (line) => lines.push(line) })),
  );
  assert.equal(bin, same);
  assert.equal(lines.filter((line) => line.includes('built in')).length, names.length, 'two runs at once build once');
  assert.deepEqual((await readdir(bin, { withFileTypes: true })).filter((each) => each.isFile()).map(({ name }) => name).sort(), names);
  assert.deepEqual(await readdir(cacheDir), ['bin'], 'no build folder is left');
  assert.equal(await ensureKubernetesPrograms({ cacheDir, env: { PATH: '' } }), bin);
});

test('without Go the message says what to install', async () => {
  await assert.rejects(
    ensureKubernetesPrograms({ cacheDir: newCache(), env: { PATH: '' } }),
    (error) => error instanceof KubernetesProgramsError && /Install Go 1\.24/.test(error.message),
  );
});

test('a failing build shows what go said and leaves no half-built program', async () => {
  const cacheDir = newCache();
  const env = await goThat(
    'if [ "$1" = version ]; then echo "go version go1.24.1 linux/amd64"; else echo "no route to host" >&2; exit 1; fi',
  );
  await assert.rejects(ensureKubernetesPrograms({ cacheDir, env }), /Building etcd failed[\s\S]*no route to host/);
  assert.deepEqual(await readdir(join(cacheDir, 'bin')), []);
});
