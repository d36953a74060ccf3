import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ImageError } from '../part.ts';
import { fabricOrderer } from './fabric.ts';

test('programs of Fabric without their configuration are an error that says where it was looked for', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-fabric-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const fabric = join(folder, 'bin');
  mkdirSync(fabric);
  const none = async () => ({ files: [], components: [] });
  await assert.rejects(
    fabricOrderer.parts({ root: folder, fabric, version: '1', revision: undefined, base: none, node: none }),
    (error) => error instanceof ImageError && error.message.includes(join(folder, 'config', 'orderer.yaml')) && /off the PATH/.test(error.message),
  );
});
