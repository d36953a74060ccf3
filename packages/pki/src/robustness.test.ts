import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createAuthority, issuePeer } from '../test/authorities.ts';
import {
  createCertificateRequest,
  createSigner,
  encodePem,
  generateKeyPair,
  parseCertificate,
  parseCertificateRequest,
  PkiError,
} from './index.ts';

const { issuing } = await createAuthority();
const keys = await generateKeyPair();
const certificate = (await issuePeer(issuing, keys)).der;
const request = Buffer.from(
  (
    await createCertificateRequest(
      { subject: [{ type: 'CN', value: 'x' }], subjectAlternativeNames: [{ type: 'ip', value: '::1' }] },
      createSigner(keys.privateKeyPem),
    )
  )
    .split('\n')
    .slice(1, -2)
    .join(''),
  'base64',
);

/** Overwrites, cuts and repeats: what a hostile or broken sender does. */
const damaged = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc
    .array(fc.record({ at: fc.nat(bytes.length - 1), replacement: fc.uint8Array({ maxLength: 4 }), cut: fc.nat(8) }), {
      minLength: 1,
      maxLength: 6,
    })
    .map((edits) =>
      edits.reduce(
        (current, { at, replacement, cut }) => Uint8Array.from([...current.subarray(0, at), ...replacement, ...current.subarray(at + cut)]),
        bytes,
      ),
    );

function onlyPkiErrors(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    assert(error instanceof PkiError, `${String(error)} is no PkiError`);
  }
}

test('whatever arrives as a certificate or a request, the answer is a PkiError or a value', () => {
  fc.assert(
    fc.property(damaged(certificate), (bytes) => onlyPkiErrors(() => parseCertificate(bytes))),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(damaged(request), (bytes) => onlyPkiErrors(() => parseCertificateRequest(encodePem('CERTIFICATE REQUEST', bytes)))),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => onlyPkiErrors(() => parseCertificate(bytes))),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.string(), (text) => onlyPkiErrors(() => parseCertificateRequest(text))),
    { numRuns: 500 },
  );
});
