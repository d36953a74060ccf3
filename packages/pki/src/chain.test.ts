import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAuthority, issuePeer, now, years } from '../test/authorities.ts';
import { generateKeyPair, issueCertificate, createSigner, selfSignCertificate, authorityExtensions, verifyChain } from './index.ts';

test('a leaf leads to its root', async () => {
  const { root, issuing } = await createAuthority();
  const leaf = await issuePeer(issuing, await generateKeyPair());
  const chain = verifyChain(leaf, { roots: [root], intermediates: [issuing.certificate], at: now });
  assert.deepEqual(
    chain.map(({ fingerprint }) => fingerprint),
    [leaf, issuing.certificate, root].map(({ fingerprint }) => fingerprint),
  );
});

test('another root, a missing intermediate, and the wrong time are refused', async () => {
  const [acme, other] = [await createAuthority(), await createAuthority()];
  const leaf = await issuePeer(acme.issuing, await generateKeyPair());
  const intermediates = [acme.issuing.certificate];
  const refused = { code: 'CHAIN_INVALID' };
  // Same names, other keys.
  assert.throws(() => verifyChain(leaf, { roots: [other.root], intermediates, at: now }), refused);
  assert.throws(() => verifyChain(leaf, { roots: [acme.root], at: now }), refused);
  assert.throws(() => verifyChain(leaf, { roots: [acme.root], intermediates, at: years(2) }), refused);
  assert.throws(() => verifyChain(leaf, { roots: [acme.root], intermediates, at: years(-1) }), refused);
});

test('the path length of a CA is kept even when it was broken by force', async () => {
  const signer = createSigner((await generateKeyPair()).privateKeyPem);
  const root = await selfSignCertificate(
    { subject: [{ type: 'CN', value: 'root' }], notAfter: years(10), ...authorityExtensions(1) },
    signer,
    { now },
  );
  // The same root that promised less: issuance would refuse, a thief of the key would not.
  const strict = await selfSignCertificate(
    { subject: [{ type: 'CN', value: 'root' }], notAfter: years(10), ...authorityExtensions(0) },
    signer,
    { now },
  );
  const middle = createSigner((await generateKeyPair()).privateKeyPem);
  const issuing = await issueCertificate(
    { subject: [{ type: 'CN', value: 'middle' }], publicKey: middle.publicKey, notAfter: years(5), ...authorityExtensions(0) },
    { certificate: root, signer },
    { now },
  );
  const leaf = await issuePeer({ certificate: issuing, signer: middle }, await generateKeyPair());
  assert.doesNotThrow(() => verifyChain(leaf, { roots: [root], intermediates: [issuing], at: now }));
  assert.throws(() => verifyChain(leaf, { roots: [strict], intermediates: [issuing], at: now }), {
    code: 'CHAIN_INVALID',
    message: /allows 0/,
  });
});

test('usage is asked of the leaf by name', async () => {
  const { root, issuing } = await createAuthority();
  const template = {
    subject: [{ type: 'CN', value: 'x' }],
    publicKey: (await generateKeyPair()).publicKey,
    notAfter: years(1),
    keyUsage: ['digitalSignature'],
    basicConstraints: { ca: false },
  } as const;
  const client = await issueCertificate({ ...template, extendedKeyUsage: ['clientAuth'] }, issuing, { now });
  const identity = await issueCertificate(template, issuing, { now });
  const options = { roots: [root], intermediates: [issuing.certificate], at: now };
  assert.doesNotThrow(() => verifyChain(client, { ...options, usage: 'clientAuth' }));
  assert.throws(() => verifyChain(client, { ...options, usage: 'serverAuth' }), { code: 'CHAIN_INVALID' });
  assert.throws(() => verifyChain(identity, { ...options, usage: 'clientAuth' }), { code: 'CHAIN_INVALID' });
});
