import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { buildPackage } from '../src/index.ts';
import { fabricTool, scratchFolder } from './oracle/tools.ts';

test('the peer program gives our package the id that we give it', async () => {
  await using folder = await scratchFolder();
  for (const artifact of [
    { name: 'receivable', version: '1.0' },
    { name: 'a-b_c', version: '2.0.0-rc.1+x' },
  ]) {
    const { bytes, packageId } = buildPackage({ ...artifact, artifactDigest: 'ab'.repeat(32) });
    const path = join(folder.path, `${artifact.name}.tar.gz`);
    await writeFile(path, bytes);
    await writeFile(join(folder.path, 'core.yaml'), '{}');
    const { stdout } = await fabricTool('peer', ['lifecycle', 'chaincode', 'calculatepackageid', path], { FABRIC_CFG_PATH: folder.path });
    assert.equal(stdout.trim(), packageId);
  }
});
