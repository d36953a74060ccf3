import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorityExtensions, createSigner, generateKeyPair, selfSignCertificate } from '@guildhall/pki';
import type { ClusterObject } from '../projections/cluster-view.ts';
import { certificatesOf } from './certificate-list.ts';

async function certificate(commonName: string, notAfter: string): Promise<string> {
  const { privateKeyPem } = await generateKeyPair();
  const template = { subject: [{ type: 'CN', value: commonName }], notAfter: new Date(notAfter), ...authorityExtensions(0) } as const;
  return (await selfSignCertificate(template, createSigner(privateKeyPem), { now: new Date('2026-01-01T00:00:00Z') })).pem;
}

const object = (kind: string, name: string, status: object | undefined): ClusterObject => ({
  apiVersion: 'guildhall.dev/v1alpha1', kind, metadata: { namespace: 'gh-trade--bank', name }, spec: { member: 'bank' }, ...(status === undefined ? {} : { status }),
});

test('certificates of members, nodes and applications come in the order in which they expire, each with what it is for', async () => {
  const root = await certificate('root', '2036-01-01T00:00:00Z');
  const issuing = await certificate('issuing', '2031-01-01T00:00:00Z');
  const admin = await certificate('admin', '2027-06-01T00:00:00Z');
  const tls = await certificate('peer0', '2027-01-01T00:00:00Z');
  const erp = await certificate('erp', '2027-03-01T00:00:00Z');
  const listed = certificatesOf([
    object('Member', 'bank', { certificateAuthority: { signing: { root, issuing }, tls: { root, issuing }, adminEndpoint: { root }, admin: { certificate: admin } } }),
    object('Member', 'late', undefined),
    object('Node', 'peer0', { certificates: [{ use: 'tls', pem: tls }] }),
    object('Node', 'peer1', {}),
    object('Channel', 'trade', {}),
    object('ClientIdentity', 'erp', { certificate: erp }),
    object('ClientIdentity', 'denied', {}),
  ]);
  assert.deepEqual(
    listed.map(({ member, node, use }) => [member, node, use]),
    [
      ['bank', 'peer0', 'tls'],
      ['bank', undefined, 'client'],
      ['bank', undefined, 'admin'],
      ['bank', undefined, 'signingIssuing'],
      ['bank', undefined, 'tlsIssuing'],
      ['bank', undefined, 'signingRoot'],
      ['bank', undefined, 'tlsRoot'],
      ['bank', undefined, 'adminEndpointRoot'],
    ],
  );
  const [first] = listed;
  assert.equal(first?.subject, 'CN=peer0');
  assert.equal(first?.issuer, 'CN=peer0');
  assert.equal(first?.notAfter.toISOString(), '2027-01-01T00:00:00.000Z');
  assert.match(first?.sha256 ?? '', /^[0-9a-f]{64}$/);
  assert.match(first?.serial ?? '', /^[0-9a-f]+$/);
  assert.equal(first?.pem, tls);
});
