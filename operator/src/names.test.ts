import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortName } from '@guildhall/resources';
import { nodeNames } from './names.ts';

test('whatever nodes are named, nothing that is made for one has the name of what is made for another', () => {
  const suffixes = Object.values(nodeNames('')).map((name) => name.replace(/^data-/, ''));
  const names = [...new Set(['a', ...suffixes.map((suffix) => `a${suffix}`)])].filter((name) => shortName.safeParse(name).success);
  assert.ok(names.length > 5);
  const made = names.flatMap((name) => {
    const { external, keys, certificates, config, contracts, identityRequest, tlsRequest, pod, claim } = nodeNames(name);
    const kinds = { Service: [name, external], Secret: [keys, certificates], ConfigMap: [config, contracts], CertificateRequest: [identityRequest, tlsRequest], Pod: [pod], PersistentVolumeClaim: [claim] };
    return Object.entries(kinds).flatMap(([kind, of]) => of.map((each) => `${kind} ${each}`));
  });
  assert.deepEqual(made.filter((name, index) => made.indexOf(name) !== index), []);
});

test('names of the longest node are names of the cluster', () => {
  for (const name of Object.values(nodeNames('a'.repeat(20)))) assert.match(name, /^[a-z][-a-z0-9]{0,61}[a-z0-9]$/);
});
