import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentDigests } from './document-digests.ts';
import { contract, specDigest } from './index.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const text = `
apiVersion: v1
kind: Namespace
metadata: { name: gh-a }
---
apiVersion: guildhall.dev/v1alpha1
kind: Contract
metadata: { namespace: gh-a, name: notes }
spec: { channel: trade, version: "1", artifactDigest: "${digest}" }
`;

test('what a consent pins is known before anything is applied, with the defaults that the cluster fills in', () => {
  const spec = contract.specSchema.parse({ channel: 'trade', version: '1', artifactDigest: digest });
  assert.deepEqual(documentDigests(text), [`Contract gh-a/notes ${specDigest(spec)}`]);
});

test('what does not fit is said with its place', () => {
  assert.throws(() => documentDigests(text.replace('version: "1"', 'version: 1')), /Contract gh-a\/notes does not fit: .*version/s);
  assert.throws(() => documentDigests('a: [1'), /flow/i);
});
