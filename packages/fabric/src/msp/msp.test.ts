import assert from 'node:assert/strict';
import test from 'node:test';
import { createMember, subjectOf } from '../../test/nodes/member.ts';
import { decodeMsp, encodeMsp, localMspFiles, type MspDescription } from './index.ts';

const [member, other] = [await createMember('AMSP'), await createMember('BMSP')];
const description: MspDescription = {
  mspId: 'AMSP',
  rootCertificates: [member.signing.root],
  intermediateCertificates: [member.signing.issuing],
  tlsRootCertificates: [member.tls.root],
  tlsIntermediateCertificates: [member.tls.issuing],
};

test('an MSP is read back from its bytes', () => {
  assert.deepEqual(decodeMsp(encodeMsp(description)), description);
  const revoking = { ...description, revocationLists: ['-----BEGIN X509 CRL-----\nAA==\n-----END X509 CRL-----\n'] };
  assert.deepEqual(decodeMsp(encodeMsp(revoking)), revoking);
});

test('an MSP that Fabric would refuse is refused with its place', async () => {
  const leaf = (await member.signing.issue(subjectOf('peer', 'peer'), 'identity')).certificate;
  const refused: [Partial<MspDescription>, string, RegExp][] = [
    [{ mspId: 'A MSP' }, 'msp.mspId', /not an MSP id/],
    [{ mspId: 'A_MSP' }, 'msp.mspId', /not an MSP id/],
    [{ rootCertificates: [] }, 'msp.rootCertificates', /at least one root/],
    [{ tlsRootCertificates: [] }, 'msp.tlsRootCertificates', /at least one root/],
    [{ rootCertificates: ['x'] }, 'msp.rootCertificates.0', /not a certificate that Fabric accepts/],
    [{ rootCertificates: [`${member.signing.root}${member.signing.issuing}`] }, 'msp.rootCertificates.0', /exactly one CERTIFICATE/],
    [{ rootCertificates: [leaf] }, 'msp.rootCertificates', /is not one of a CA/],
    [{ rootCertificates: [member.signing.root, member.signing.root] }, 'msp.rootCertificates', /is there twice/],
    [{ intermediateCertificates: [other.signing.issuing] }, 'msp.intermediateCertificates', /does not belong to the member's root/],
    [{ tlsIntermediateCertificates: [member.signing.issuing] }, 'msp.tlsIntermediateCertificates', /does not belong to the member's root/],
  ];
  for (const [change, path, message] of refused)
    assert.throws(() => encodeMsp({ ...description, ...change }), { name: 'ConfigError', code: 'INVALID_MSP', path, message }, path);
});

test("a node's own MSP folder holds the same, and its certificate", async () => {
  const { certificate } = await member.signing.issue(subjectOf('peer', 'peer'), 'identity');
  const files = localMspFiles(description, certificate);
  assert.deepEqual(Object.keys(files).sort(), [
    'cacerts/0.pem',
    'config.yaml',
    'intermediatecerts/0.pem',
    'signcerts/cert.pem',
    'tlscacerts/0.pem',
    'tlsintermediatecerts/0.pem',
  ]);
  assert.equal(files['signcerts/cert.pem'], certificate);
  assert.match(files['config.yaml']!, /AdminOUIdentifier:\n {4}OrganizationalUnitIdentifier: admin\n/);
});
