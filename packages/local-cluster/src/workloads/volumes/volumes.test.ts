import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { createMountPaths } from './mount-paths.ts';
import { projectFiles } from './projected-files.ts';

let folder = '';
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'guildhall-volume-')), 'volume');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const file = (path: string, text: string, mode = 0o644) => ({ path, content: Buffer.from(text), mode });
const visible = () => readdirSync(folder).filter((name) => !name.startsWith('..')).sort();

test('files appear with their owner modes, in folders that are closed to others', () => {
  projectFiles(folder, [file('key.pem', 'secret', 0o440), file('bin/detect', '#!/bin/sh', 0o755)]);
  assert.deepEqual(visible(), ['bin', 'key.pem']);
  assert.equal(readFileSync(join(folder, 'key.pem'), 'utf8'), 'secret');
  assert.equal(statSync(join(folder, 'key.pem')).mode & 0o777, 0o400);
  assert.equal(statSync(join(folder, 'bin/detect')).mode & 0o777, 0o700);
  for (const path of ['', 'bin']) assert.equal(statSync(join(folder, path)).mode & 0o777, 0o700);
});

test('a change replaces all files at once and leaves nothing of the old ones', () => {
  projectFiles(folder, [file('a', '1'), file('b', '1')]);
  assert.equal(projectFiles(folder, [file('b', '2'), file('c', '2')]), true);
  assert.deepEqual(visible(), ['b', 'c']);
  assert.equal(readFileSync(join(folder, 'b'), 'utf8'), '2');
  assert.equal(readdirSync(folder).length, 4);
  assert.equal(projectFiles(folder, [file('c', '2'), file('b', '2')]), false);
});

test('a volume may become empty, and be filled again', () => {
  projectFiles(folder, [file('a', '1')]);
  assert.equal(projectFiles(folder, []), true);
  assert.deepEqual([visible(), readdirSync(join(folder, '..data'))], [[], []]);
  assert.equal(projectFiles(folder, []), false);
  assert.equal(projectFiles(folder, [file('a', '1')]), true);
  assert.deepEqual(visible(), ['a']);
});

test('what a crash left behind does not disturb the next change', () => {
  projectFiles(folder, [file('a', '1')]);
  mkdirSync(join(folder, '..new'));
  assert.equal(projectFiles(folder, [file('a', '2')]), true);
  assert.equal(readFileSync(join(folder, 'a'), 'utf8'), '2');
  assert.equal(readdirSync(folder).length, 3);
});

test('a change that was cut short before the names were brought up to date is finished', () => {
  projectFiles(folder, [file('gone', '1'), file('a', '1')]);
  projectFiles(folder, [file('a', '2'), file('new', '2')]);
  rmSync(join(folder, 'new'));
  const { ino } = statSync(join(folder, 'a'));
  symlinkSync('..data/gone', join(folder, 'gone'));
  assert.equal(projectFiles(folder, [file('a', '2'), file('new', '2')]), true);
  assert.deepEqual(visible(), ['a', 'new']);
  assert.equal(statSync(join(folder, 'a')).ino, ino, 'what was there could be read all the time');
  assert.equal(readFileSync(join(folder, 'new'), 'utf8'), '2');
  assert.equal(projectFiles(folder, [file('a', '2'), file('new', '2')]), false);
});

test('what a power cut emptied is filled again', () => {
  const files = [file('a', 'one'), file('deep/b', 'two'), file('none', '')];
  projectFiles(folder, files);
  assert.equal(projectFiles(folder, files), false);
  truncateSync(join(folder, 'deep/b'));
  assert.equal(projectFiles(folder, files), true);
  assert.equal(readFileSync(join(folder, 'deep/b'), 'utf8'), 'two');
  rmSync(join(folder, 'deep/b'));
  assert.equal(projectFiles(folder, files), true);
  assert.equal(readFileSync(join(folder, 'deep/b'), 'utf8'), 'two');
  assert.equal(projectFiles(folder, files), false);
});

test('mount paths become the real folders where they are whole paths or begin one', () => {
  const real = createMountPaths([
    { mountPath: '/data', folder: '/home/data/claims/1' },
    { mountPath: '/data/msp/', folder: '/pods/1/msp' },
    { mountPath: '/home', folder: '/pods/1/home' },
  ]);
  assert.equal(real('/data'), '/home/data/claims/1');
  assert.equal(real('/data/ledger'), '/home/data/claims/1/ledger');
  assert.equal(real('/data/msp/keystore'), '/pods/1/msp/keystore');
  assert.equal(real('[/data/msp/ca.pem, "/data/x"]'), '[/pods/1/msp/ca.pem, "/home/data/claims/1/x"]');
  assert.equal(real('PATH=/bin:/data'), 'PATH=/bin:/home/data/claims/1');
  assert.equal(real('/home/data'), '/pods/1/home/data');
  for (const other of ['/database', '/data.old', '/var/data', 'http://host/data', 'data', './data']) assert.equal(real(other), other);
});
