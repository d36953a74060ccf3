import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApiProblem } from '../errors.ts';
import { parseInput } from '../validation.ts';
import { createConsortiumInput } from './consortium-input.ts';

const withMember = (more: object) => ({ name: 'trade', members: [{ name: 'a', mspId: 'AMSP', ...more }] });

function refusal(input: unknown): ApiProblem {
  try {
    parseInput(createConsortiumInput, input);
  } catch (error) {
    assert.ok(error instanceof ApiProblem);
    return error;
  }
  throw new Error(`it was accepted: ${JSON.stringify(input)}`);
}
const paths = (input: unknown): (string | undefined)[] => refusal(input).problems.map((problem) => problem.path);

describe('names', () => {
  const hostile = ['', 'A', '1a', 'a_b', 'a--b', '-a', 'a-', 'a.b', 'a/b', '../a', 'a b', 'a\0', 'a\n', '<script>alert(1)</script>', '\u202Etrade', 'trade\u200B', 'träde', 'a'.repeat(21), 'a'.repeat(200)];
  test('that DNS or Fabric would not take are refused at their place', () => {
    for (const name of hostile) {
      assert.deepEqual(paths({ ...withMember({}), name }).slice(0, 1), ['name'], JSON.stringify(name));
      assert.deepEqual(paths(withMember({ name })).slice(0, 1), ['members[0].name'], JSON.stringify(name));
      assert.deepEqual(paths(withMember({ nodes: [{ name, role: 'peer' }] })).slice(0, 1), ['members[0].nodes[0].name'], JSON.stringify(name));
    }
  });
  test('of MSPs that would break a policy or a path are refused', () => {
    for (const mspId of ['', 'A MSP', "A'MSP", 'A/MSP', '1MSP', '..', 'A\0', 'A'.repeat(65)]) assert.deepEqual(paths(withMember({ mspId })).slice(0, 1), ['members[0].mspId'], mspId);
  });
});

describe('a storage class', () => {
  const withClass = (storageClass: string) => withMember({ nodes: [{ name: 'peer0', role: 'peer', storageClass }] });
  test('has a name that Kubernetes takes', () => {
    for (const name of ['', 'Fast', 'fast_ssd', '-fast', 'fast.', 'a..b', 'fast ssd', 'a'.repeat(254)]) assert.deepEqual(paths(withClass(name)).slice(0, 1), ['members[0].nodes[0].storageClass'], name);
    for (const name of ['fast', 'fast.ssd-1', '1', 'a'.repeat(253)]) assert.equal(parseInput(createConsortiumInput, withClass(name)).members[0]?.nodes[0]?.storageClass, name);
  });
});

describe('a display name', () => {
  const accepted = (displayName: string) => parseInput(createConsortiumInput, withMember({ displayName })).members[0]?.displayName;
  test('may be in any script, and markup in it is text', () => {
    for (const name of ['Ačme Händel & Söhne', '華為', 'شرکت نمونه', '<script>alert(1)</script>', "O'Neil \"Ltd\"", '👩‍👩‍👧 co-op', 'می‌خواهم']) assert.equal(accepted(name), name);
    assert.equal(accepted('  spaced  '), 'spaced');
  });
  test('shows what it is: no control characters, no turned direction, no halves of characters', () => {
    for (const name of ['a\0b', 'a\nb', 'a\u001Bb', '\u202Egnp.exe', 'a\u2066b', 'a\u200Fb', 'a\u2028b', 'a\uD800', 'x'.repeat(201), '   ']) {
      assert.deepEqual(paths(withMember({ displayName: name })), ['members[0].displayName'], JSON.stringify(name));
    }
  });
});

test('sizes are what a person means by them', () => {
  const node = (more: object) => withMember({ nodes: [{ name: 'p', role: 'peer', ...more }] });
  for (const good of [{ cpu: '500m' }, { cpu: '2' }, { memory: '512Mi' }, { storage: '10Gi' }]) assert.ok(parseInput(createConsortiumInput, node(good)));
  for (const bad of [{ cpu: '2Gi' }, { cpu: '0' }, { memory: '500m' }, { memory: '512' }, { storage: '-1Gi' }, { storage: '10GB' }]) {
    assert.deepEqual(paths(node(bad)), [`members[0].nodes[0].${Object.keys(bad)[0]}`], JSON.stringify(bad));
  }
});

test('an unknown field is refused wherever it is, and everything that is wrong is said at once', () => {
  assert.deepEqual(paths({ ...withMember({ colour: 'red', nodes: [{ name: 'p', role: 'king' }] }), shape: 'round' }), ['members[0].nodes[0].role', 'members[0]', '']);
});

test('numbers keep to what Fabric takes', () => {
  const channel = (more: object) => ({ ...withMember({}), channels: [{ name: 'c', ...more }] });
  for (const bad of [{ tickMs: 9 }, { tickMs: 1.5 }, { batch: { timeoutMs: 0 } }, { batch: { maxMessages: 10_001 } }, { batch: { absoluteMaxBytes: 50 * 1024 * 1024 } }]) {
    assert.equal(paths(channel(bad)).length, 1, JSON.stringify(bad));
  }
});
