import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { tarOf } from './tar.ts';

test('tar unpacks what was packed, and keys are for their owner alone', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tar-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = [
    { path: 'msp/signcerts/cert.pem', text: 'x'.repeat(1300) },
    { path: 'msp/keystore/key.pem', text: '密钥\n', secret: true },
    { path: 'msp/empty', text: '' },
    { path: 'full', text: 'y'.repeat(512) },
  ];
  writeFileSync(join(folder, 'all.tar'), tarOf(files, new Date('2026-01-02T03:04:05Z')));
  execFileSync('tar', ['xf', 'all.tar'], { cwd: folder });
  for (const { path, text } of files) assert.equal(readFileSync(join(folder, path), 'utf8'), text);
  assert.equal(statSync(join(folder, 'msp/keystore/key.pem')).mode & 0o777, 0o600);
  assert.equal(statSync(join(folder, 'full')).mtime.toISOString(), '2026-01-02T03:04:05.000Z');
});

test('a path that the format cannot hold is refused', () => {
  assert.throws(() => tarOf([{ path: 'a'.repeat(101), text: '' }], new Date()), /too long/);
});
