import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fabricPrograms } from '../../fabric/test/nodes/programs.ts';
import { createSigner, parseCertificatePem, valuesOf, verifyChain, verifySignature } from '../src/index.ts';

test('what cryptogen makes, we read, verify and sign with as Fabric does', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-cryptogen-'));
  try {
    const config = join(folder, 'config.yaml');
    writeFileSync(config, 'PeerOrgs: [{Name: A, Domain: a.example, EnableNodeOUs: true, Template: {Count: 1}, Users: {Count: 1}}]');
    const made = spawnSync(fabricPrograms().path('cryptogen'), ['generate', '--config', config, '--output', folder], { encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    const signCertificates = globSync(join(folder, 'peerOrganizations/a.example/{peers,users}/*/msp/signcerts/*.pem'));
    assert.equal(signCertificates.length, 3);
    for (const path of signCertificates) {
      const msp = dirname(dirname(path));
      const leaf = parseCertificatePem(readFileSync(path, 'utf8'));
      const [root] = globSync(join(msp, 'cacerts/*.pem')).map((file) => parseCertificatePem(readFileSync(file, 'utf8')));
      assert(root !== undefined);
      assert.equal(verifyChain(leaf, { roots: [root], at: new Date() }).length, 2);
      assert.match(valuesOf(leaf.subject, 'OU').join(), /^(peer|client|admin)$/);
      const [key] = globSync(join(msp, 'keystore/*')).map((file) => readFileSync(file, 'utf8'));
      const message = Buffer.from('message');
      assert(verifySignature(leaf.publicKey, message, await createSigner(key ?? '').sign(message)));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
