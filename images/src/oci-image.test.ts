import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createLayerStore, writeImage, type Image } from './oci-image.ts';

describe('an image', () => {
  let folder: string;
  before(() => void (folder = mkdtempSync(join(tmpdir(), 'guildhall-images-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const image = (program: string, change: Partial<Image> = {}): Image => ({
    reference: 'registry.example/tools/hello:1.2',
    architecture: 'amd64',
    layers: [
      [{ path: '/lib/x86_64-linux-gnu/libc.so.6', from: { text: 'not really' } }, { path: '/lib64', from: { link: 'lib/x86_64-linux-gnu' } }],
      [{ path: '/usr/bin/hello', from: { file: program }, mode: 0o755 }, { path: '/tmp', from: 'folder', mode: 0o1777 }],
    ],
    entrypoint: ['/usr/bin/hello'],
    user: 1000,
    ...change,
  });
  const program = (name: string): string => {
    const file = join(folder, name);
    writeFileSync(file, '#!/bin/sh\necho hello\n');
    return file;
  };
  /** By Debian's tar, which knows nothing of ours. */
  const tar = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync('tar', args, { encoding: 'utf8', env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' } });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const unpacked = (archive: string): string => {
    const to = mkdtempSync(join(folder, 'unpacked-'));
    tar('--extract', '--file', archive, '--directory', to);
    return to;
  };

  test('of the same files has the same digest, whenever, wherever and with whatever rights they were written', async () => {
    const [one, other] = [program('one'), program('other')];
    utimesSync(one, 1, 1);
    chmodSync(other, 0o700);
    const digests = await Promise.all([one, other].map((file, index) => writeImage(image(file), join(folder, `${index}.tar`))));
    assert.equal(digests[0], digests[1]);
    assert.deepEqual(readFileSync(join(folder, '0.tar')), readFileSync(join(folder, '1.tar')));
    assert.notEqual(await writeImage(image(one, { user: 1001 }), join(folder, '2.tar')), digests[0]);
  });

  test('is an OCI layout: what is named by a digest has it, and what is told of it is so', async () => {
    const archive = join(folder, 'layout.tar');
    const digest = await writeImage(image(program('program')), archive);
    const layout = unpacked(archive);
    const blob = (name: string): Buffer => {
      const bytes = readFileSync(join(layout, 'blobs', name.replace(':', '/')));
      assert.equal(`sha256:${createHash('sha256').update(bytes).digest('hex')}`, name);
      return bytes;
    };
    const [described] = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')).manifests;
    assert.equal(described.digest, digest);
    const manifest = JSON.parse(blob(digest).toString());
    const config = JSON.parse(blob(manifest.config.digest).toString());
    assert.deepEqual([config.config.User, config.config.Entrypoint, config.architecture], ['1000:1000', ['/usr/bin/hello'], 'amd64']);
    for (const [index, layer] of manifest.layers.entries()) {
      const bytes = blob(layer.digest);
      assert.equal(bytes.length, layer.size);
      const plain = spawnSync('gzip', ['--decompress', '--stdout'], { input: bytes });
      assert.equal(`sha256:${createHash('sha256').update(plain.stdout).digest('hex')}`, config.rootfs.diff_ids[index]);
    }
  });

  test('has its files with their modes, in folders that are there, and says nothing of who made it and when', async () => {
    const archive = join(folder, 'files.tar');
    const digest = await writeImage(image(program('tool')), archive);
    const layout = unpacked(archive);
    const manifest = JSON.parse(readFileSync(join(layout, 'blobs', digest.replace(':', '/')), 'utf8'));
    const listed = manifest.layers.map((layer: { digest: string }) => tar('--list', '--verbose', '--numeric-owner', '--gunzip', '--file', join(layout, 'blobs', layer.digest.replace(':', '/'))));
    assert.match(listed[0], /^drwxr-xr-x 0\/0 +0 1970-01-01 00:00 lib\/$/m);
    assert.match(listed[0], /^lrwxrwxrwx 0\/0 +0 1970-01-01 00:00 lib64 -> lib\/x86_64-linux-gnu$/m);
    assert.match(listed[1], /^drwxrwxrwt 0\/0 +0 1970-01-01 00:00 tmp\/$/m);
    assert.match(listed[1], /^-rwxr-xr-x 0\/0 +21 1970-01-01 00:00 usr\/bin\/hello$/m);
  });

  test('shares a layer with another that has the very same list, and is what it is without sharing', async () => {
    const [one, other] = [image(program('shared')), image(program('shared'), { user: 1001 })];
    const store = createLayerStore(folder);
    const shared = { ...other, layers: one.layers };
    const digests = [await writeImage(one, join(folder, 'one.tar'), store), await writeImage(shared, join(folder, 'shared.tar'), store)];
    assert.equal(await store(one.layers[0]!), await store(shared.layers[0]!));
    assert.deepEqual(digests, [await writeImage(one, join(folder, 'alone.tar')), await writeImage(other, join(folder, 'other.tar'))]);
  });

  test('of a file that is not there is not written, and nothing is left of the attempt', async () => {
    const attempt = join(folder, 'attempt');
    mkdirSync(attempt);
    await assert.rejects(writeImage(image(join(folder, 'none')), join(attempt, 'none.tar')), /ENOENT/);
    assert.equal(spawnSync('ls', ['-A', attempt], { encoding: 'utf8' }).stdout, '');
  });

  test('on a disk that is full is an error, which is told, and only what lay there before is left', async () => {
    const full = join(folder, 'full');
    mkdirSync(full);
    symlinkSync('/dev/full', join(full, 'image.tar'));
    const large = join(folder, 'large');
    writeFileSync(large, randomBytes(8 * 1024 * 1024));
    await assert.rejects(writeImage(image(large), join(full, 'image.tar')), /ENOSPC/);
    assert.deepEqual(readdirSync(full), ['image.tar']);
  });

  test('whose layers lie elsewhere needs no folder beside the archive', async () => {
    const beside = join(folder, 'beside');
    mkdirSync(beside);
    const store = createLayerStore(folder);
    await writeImage(image(program('beside-program')), join(beside, 'image.tar'), (files) => {
      assert.deepEqual(readdirSync(beside), []);
      return store(files);
    });
  });
});
