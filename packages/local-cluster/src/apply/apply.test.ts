import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schema } from '../schema/schema.ts';
import { applyErrors } from './check.ts';
import { difference, fromFieldsV1, intersection, isEmpty, paths, printPath, recursiveDifference, toFieldsV1, union } from './field-set.ts';
import { merge } from './merge.ts';
import { compare, fieldSetOf, remove } from './typed.ts';

const schema: Schema = {
  type: 'object',
  properties: {
    text: { type: 'string' },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    items: {
      type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name', 'protocol'],
      items: { type: 'object', properties: { name: { type: 'string' }, protocol: { type: 'string', default: 'TCP' }, value: { type: 'integer' } } },
    },
    set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    plain: { type: 'array', items: { type: 'string' } },
    whole: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { a: { type: 'string' }, b: { type: 'string' } } },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};

test('what is applied is owned: fields, keys and values, but not the containers that hold them', () => {
  const applied = { text: 't', labels: { a: '1' }, items: [{ name: 'x', value: 1 }], set: ['s'], plain: ['p'], whole: { a: '1' }, free: { deep: { er: [1] } } };
  assert.deepEqual(toFieldsV1(fieldSetOf(schema, applied)), {
    'f:text': {}, 'f:labels': { 'f:a': {} }, 'f:items': { 'k:{"name":"x","protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
    'f:set': { 'v:"s"': {} }, 'f:plain': {}, 'f:whole': {}, 'f:free': { 'f:deep': { '.': {}, 'f:er': {} } },
  });
});

test('a set of fields survives being written down', () => {
  const written = { 'f:a': {}, 'f:b': { '.': {}, 'f:c': {} }, 'f:d': { 'k:{"n":"x"}': { 'f:e': {} } } };
  assert.deepEqual(toFieldsV1(fromFieldsV1(written)), written);
  assert.deepEqual([...paths(fromFieldsV1(written))].map(printPath), ['.a', '.b', '.b.c', '.d[n="x"].e']);
});

test('sets of fields: a member takes what is below it along only when asked to', () => {
  const a = fromFieldsV1({ 'f:x': { '.': {}, 'f:y': {} }, 'f:z': {} });
  const b = fromFieldsV1({ 'f:x': {} });
  assert.deepEqual(toFieldsV1(difference(a, b)), { 'f:x': { 'f:y': {} }, 'f:z': {} });
  assert.deepEqual(toFieldsV1(recursiveDifference(a, b)), { 'f:z': {} });
  assert.deepEqual(toFieldsV1(intersection(a, b)), { 'f:x': {} });
  assert.deepEqual(toFieldsV1(union(difference(a, b), b)), toFieldsV1(a));
  assert.ok(isEmpty(difference(a, a)));
});

test('comparing tells what came, went and changed', () => {
  const { added, removed, modified } = compare(schema, { text: 'a', items: [{ name: 'x', value: 1 }, { name: 'y' }], plain: ['a'] }, { items: [{ name: 'x', value: 2 }, { name: 'z' }], plain: ['a'], set: ['s'] });
  assert.deepEqual([...paths(added)].map(printPath), ['.items[name="z",protocol="TCP"]', '.items[name="z",protocol="TCP"].name', '.set', '.set[="s"]']);
  assert.deepEqual([...paths(removed)].map(printPath), ['.items[name="y",protocol="TCP"]', '.items[name="y",protocol="TCP"].name', '.text']);
  assert.deepEqual([...paths(modified)].map(printPath), ['.items[name="x",protocol="TCP"].value']);
});

test('merging keeps what is not spoken of, and replaces what is one value', () => {
  const live = { text: 'a', labels: { a: '1' }, items: [{ name: 'x', protocol: 'TCP', value: 1 }], plain: ['a'], whole: { a: '1' } };
  assert.deepEqual(merge(schema, live, { labels: { b: '2' }, items: [{ name: 'y' }, { name: 'x', value: 2 }], plain: ['b'], whole: { b: '2' } }), {
    text: 'a', labels: { a: '1', b: '2' }, items: [{ name: 'y' }, { name: 'x', protocol: 'TCP', value: 2 }], plain: ['b'], whole: { b: '2' },
  });
});

test('removing the last of something leaves null, so that its owner can be told', () => {
  const gone = (value: object): object => ({ ...value });
  const value = { labels: { a: '1' }, items: [{ name: 'x', value: 1 }], set: ['s', 't'] };
  assert.deepEqual(remove(schema, gone(value) as never, fromFieldsV1({ 'f:labels': { 'f:a': {} }, 'f:items': { 'k:{"name":"x","protocol":"TCP"}': { 'f:value': {} } }, 'f:set': { 'v:"s"': {} } })), {
    labels: null, items: [{ name: 'x' }], set: ['t'],
  });
});

test('what does not fit is told with its place', () => {
  assert.deepEqual(applyErrors(schema, { extra: 1, text: ['x'], items: [{ name: 'x' }, { name: 'x', protocol: 'TCP', odd: 1 }, { value: 1 }], labels: { a: 1 }, set: 'x' }), [
    '.extra: field not declared in schema',
    '.text: expected string, got ["x"]',
    '.items: duplicate entries for key [name="x",protocol="TCP"]',
    '.items[name="x",protocol="TCP"].odd: field not declared in schema',
    '.labels.a: expected string, got &{1}',
    '.set: expected list, got &{x}',
  ]);
});
