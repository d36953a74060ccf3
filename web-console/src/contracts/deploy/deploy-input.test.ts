import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployInput, upgradeInput, whyNotYet, type Wishes } from './deploy-input.ts';

const wishes: Wishes = { name: 'register', channel: 'notes', code: { kind: 'template', template: 'receivable', version: '1.0.0' }, endorsement: 'channel', ownEndorsement: '', consent: 'delegated' };

test('what is missing is told before the API is asked', () => {
  assert.equal(whyNotYet(wishes, []), undefined);
  assert.equal(whyNotYet({ ...wishes, name: 'No!' }, []), 'name');
  assert.equal(whyNotYet(wishes, ['register']), 'taken');
  assert.equal(whyNotYet({ ...wishes, channel: '' }, []), 'channel');
  assert.equal(whyNotYet({ ...wishes, endorsement: 'own' }, []), 'policy');
});

test('the policy is left out where it is the channel’s, and in an upgrade where it stays as it is', () => {
  assert.ok(!('endorsementPolicy' in deployInput('trade', wishes, ['AMSP'])));
  assert.equal(deployInput('trade', { ...wishes, endorsement: 'all' }, ['AMSP', 'BMSP']).endorsementPolicy, "OutOf(2, 'AMSP.peer', 'BMSP.peer')");
  assert.ok(!('endorsementPolicy' in upgradeInput('trade', { ...wishes, endorsement: undefined }, ['AMSP'])));
  assert.equal(upgradeInput('trade', wishes, ['AMSP']).endorsementPolicy, '');
});

test('an image goes by its digest, with the version that it is given', () => {
  const image = `registry.example/notary@sha256:${'ab'.repeat(32)}`;
  const input = deployInput('trade', { ...wishes, code: { kind: 'image', image, version: '1.0.0' } }, []);
  assert.deepEqual([input.version, 'image' in input && input.image, 'template' in input], ['1.0.0', image, false]);
  for (const code of [{ image: '', version: '1' }, { image, version: '' }]) assert.equal(whyNotYet({ ...wishes, code: { kind: 'image', ...code } }, []), 'image');
});

test('a source goes with the version that it says of itself', () => {
  const source = { entry: 'main.ts', files: [{ path: 'main.ts', text: '' }] };
  const input = deployInput('trade', { ...wishes, code: { kind: 'source', source, version: '3.0.0' } }, []);
  assert.deepEqual([input.version, 'template' in input, 'source' in input], ['3.0.0', false, true]);
});
