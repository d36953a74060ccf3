import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { localMspFiles } from '@guildhall/fabric';
import { generateKeyPair } from '@guildhall/pki';
import type { CertificateProfile } from '@guildhall/resources';
import { fabricPrograms } from '../../../packages/fabric/test/nodes/programs.ts';
import { bank, certify, now, startBackend, type Backend } from './fixtures.ts';

let backend: Backend;
before(async () => {
  backend = await startBackend();
});
after(() => backend.stop());

const request = () => ({ uid: randomUUID(), namespace: bank.namespace, name: 'request' });
const file = (name: string, content: string): string => {
  const path = join(backend.folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode: 0o600 });
  return path;
};

test("Fabric's own peer takes the identities into its MSP, and refuses one of TLS", async () => {
  const published = await backend.authorities.ensure(bank, now);
  const msp = {
    mspId: 'BankMSP',
    rootCertificates: [published.signing.root],
    intermediateCertificates: [published.signing.issuing],
    tlsRootCertificates: [published.tls.root],
    tlsIntermediateCertificates: [published.tls.issuing],
  };
  file('config/core.yaml', 'peer: {BCCSP: {Default: SW, SW: {Hash: SHA2, Security: 256}}}\n');
  /** Sets the MSP up before it dials; nobody listens at port 1, so a good MSP ends with a refused connection. */
  const complaint = async (name: string, profile: CertificateProfile): Promise<string> => {
    const keys = await generateKeyPair();
    const certificate = await certify(
      backend,
      bank,
      request(),
      profile,
      { organization: 'BankMSP', commonName: name, publicKey: keys.publicKey },
      new Date(),
    );
    for (const [path, content] of Object.entries({ ...localMspFiles(msp, certificate.pem), 'keystore/key_sk': keys.privateKeyPem }))
      file(`${name}/${path}`, content);
    const { stderr } = spawnSync(fabricPrograms().path('peer'), ['channel', 'list'], {
      encoding: 'utf8',
      env: {
        FABRIC_CFG_PATH: join(backend.folder, 'config'),
        CORE_PEER_LOCALMSPID: 'BankMSP',
        CORE_PEER_MSPCONFIGPATH: join(backend.folder, name),
        CORE_PEER_ADDRESS: '127.0.0.1:1',
        CORE_PEER_CLIENT_CONNTIMEOUT: '100ms',
      },
    });
    return stderr;
  };
  for (const profile of ['peer', 'orderer', 'operator-client', 'client'] satisfies CertificateProfile[])
    assert.match(await complaint(profile, profile), /failed to connect|connection refused/i, profile);
  assert.match(await complaint('tls', 'node-tls'), /setting up MSP/, 'a TLS certificate is no identity');
});
