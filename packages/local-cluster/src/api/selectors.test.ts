import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kind } from './kind.ts';
import { fieldSelector, labelSelector } from './selectors.ts';

const labelled = (labels: Record<string, string>) => ({ metadata: { name: 'a', namespace: 'n', labels } });
const matches = (selector: string, labels: Record<string, string>): boolean => labelSelector(selector)?.(labelled(labels)) ?? true;

test('labels are equal, unequal, among, not among, there or not there', () => {
  const red = { colour: 'red', 'guildhall.dev/node': 'peer0' };
  for (const selector of ['colour=red', 'colour==red', 'colour!=blue', 'colour in (red,blue)', 'colour notin (blue, green)', 'colour', '!shape', 'shape!=round', 'guildhall.dev/node=peer0,colour in (red)', '']) {
    assert.equal(matches(selector, red), true, selector);
  }
  for (const selector of ['colour=blue', 'colour!=red', 'colour in (blue)', 'colour notin (red)', '!colour', 'shape', 'shape=round', 'colour=red,shape']) {
    assert.equal(matches(selector, red), false, selector);
  }
});

test('what is no selector is refused', () => {
  for (const selector of ['a===b', 'a in b', 'in (a)b', '(a)', 'a b']) assert.throws(() => labelSelector(selector), /is not a label selector/, selector);
});

test('fields are those that the kind offers', () => {
  const kind = { namespaced: true, selectableFields: ['spec.nodeName'] } as unknown as Kind;
  const pod = { metadata: { name: 'a', namespace: 'n' }, spec: { nodeName: 'local' } };
  assert.equal(fieldSelector(kind, 'metadata.name=a,spec.nodeName==local')?.(pod), true);
  assert.equal(fieldSelector(kind, 'spec.nodeName!=local')?.(pod), false);
  assert.equal(fieldSelector(kind, 'spec.nodeName=')?.({ metadata: {} }), true);
  assert.throws(() => fieldSelector(kind, 'spec.other=a'), /field label not supported: spec\.other/);
});
