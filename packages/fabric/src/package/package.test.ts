import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { EndorseError } from '../errors.ts';
import { gzip, tar, untar } from './archive.ts';
import { BUILDER_SCRIPTS, CONTRACTS_DIR_VARIABLE, buildPackage, connectionFile, isBuildFailure, readPackage } from './index.ts';

const run = promisify(execFile);
const artifact = { name: 'receivable', version: '1', artifactDigest: '0123456789abcdef'.repeat(4) };

test('the same artifact is the same package everywhere', () => {
  const { label, packageId, bytes } = buildPackage(artifact);
  assert.equal(label, 'receivable_1-0123456789abcdef');
  // Pinned: a member with another version of Node, on another processor, must come to the same id.
  assert.equal(packageId, 'receivable_1-0123456789abcdef:e5bab8f1cf1ba68c11ae78ad251ac637c9e48ea47e1bc4e5f7b4cc4adc9cc909');
  assert.deepEqual(readPackage(bytes), { label, packageId, bytes, artifactDigest: artifact.artifactDigest });
});

test('a package that says something else is refused', () => {
  const { bytes } = buildPackage(artifact);
  const files = untar(gunzipSync(bytes));
  const repacked = (entries: readonly { name: string; content: Uint8Array }[]): Uint8Array => gzip(tar(entries));
  const other = untar(gunzipSync(buildPackage({ ...artifact, artifactDigest: 'f'.repeat(64) }).bytes));
  for (const [name, bad] of Object.entries({
    'another code under this label': repacked([files[0]!, other[1]!]),
    'a file more': repacked([...files, { name: 'connection.json', content: new Uint8Array([1]) }]),
    'something behind the end': Buffer.concat([bytes, Buffer.from([0])]),
    'cut short': bytes.subarray(0, 100),
    nothing: new Uint8Array(),
  }))
    assert.throws(() => readPackage(bad), { name: 'PackageError', code: 'INVALID_PACKAGE' }, name);
  for (const bad of [{ name: 'a b' }, { version: '1/2' }, { artifactDigest: 'AB' }])
    assert.throws(() => buildPackage({ ...artifact, ...bad }), { code: 'INVALID_PACKAGE' });
});

test('archives are what gunzip and tar read', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1500 }), fc.uint8Array({ maxLength: 200_000, size: 'max' }), (first, second) => {
      const entries = [
        { name: 'a.json', content: first },
        { name: 'folder/b', content: second },
      ];
      const archive = tar(entries);
      assert.deepEqual(new Uint8Array(gunzipSync(gzip(archive))), archive);
      assert.deepEqual(
        untar(archive).map(({ name, content }) => ({ name, content: new Uint8Array(content) })),
        entries,
      );
    }),
    { numRuns: 25 },
  );
  await inScratch(async (folder) => {
    await writeFile(join(folder, 'package.tar.gz'), buildPackage(artifact).bytes);
    const { stdout } = await run('tar', ['tvzf', join(folder, 'package.tar.gz')]);
    assert.match(stdout, /^-rw-r--r-- 0\/0 .* metadata.json\n-rw-r--r-- 0\/0 .* code.tar.gz\n$/);
  });
});

test('a package that the peer could not build is told from what else it refuses', () => {
  const refused = (why: string): EndorseError => new EndorseError('PROPOSAL_REFUSED', `AcmeMSP (peer0:7051) refused: failed to invoke backing implementation of 'InstallChaincode': ${why}`);
  assert.equal(isBuildFailure(refused("could not build chaincode: external builder failed: external builder failed to build: external builder 'guildhall' failed: exit status 1")), true);
  assert.equal(isBuildFailure(refused('chaincode already successfully installed')), false);
});

test("the peer's builder finds the instance of its member by the label", async () => {
  await inScratch(async (folder) => {
    const { label } = buildPackage(artifact);
    const script = (name: 'detect' | 'build' | 'release'): string => join(folder, 'bin', name);
    for (const [name, content] of Object.entries(BUILDER_SCRIPTS)) await put(join(folder, name), content);
    for (const name of ['detect', 'build', 'release'] as const) await chmod(script(name), 0o755);
    const [source, metadata, output, release, contracts] = ['source', 'metadata', 'output', 'release', 'contracts'].map((name) =>
      join(folder, name),
    ) as [string, string, string, string, string];
    for (const path of [output, release, contracts]) await mkdir(path);
    await put(join(source, 'META-INF/statedb/couchdb/indexes/owner.json'), '{}');
    await put(join(metadata, 'metadata.json'), JSON.stringify({ path: '', type: 'ccaas', label }));
    const env = { PATH: process.env['PATH'], [CONTRACTS_DIR_VARIABLE]: contracts };

    await run(script('detect'), [source, metadata], { env });
    await assert.rejects(
      run(script('build'), [source, metadata, output], { env }),
      /No instance is known for receivable_1-0123456789abcdef/,
    );
    await assert.rejects(run(script('build'), [source, metadata, output], { env: { PATH: process.env['PATH'] } }), /names no folder/);

    const connection = connectionFile({ address: '127.0.0.1:9999', rootCertificate: '-----BEGIN CERTIFICATE-----\nAA==\n' });
    await put(join(contracts, `${label}.json`), connection);
    await run(script('build'), [source, metadata, output], { env });
    await run(script('release'), [output, release], { env });
    const released = await readFile(join(release, 'chaincode/server/connection.json'), 'utf8');
    assert.deepEqual(JSON.parse(released), {
      address: '127.0.0.1:9999',
      dial_timeout: '10s',
      tls_required: true,
      root_cert: '-----BEGIN CERTIFICATE-----\nAA==\n',
    });
    assert.equal(await readFile(join(release, 'statedb/couchdb/indexes/owner.json'), 'utf8'), '{}');

    await put(join(metadata, 'metadata.json'), JSON.stringify({ type: 'golang', label }));
    await assert.rejects(run(script('detect'), [source, metadata], { env }));
  });
});

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

async function inScratch(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'guildhall-package-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
