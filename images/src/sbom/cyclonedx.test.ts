import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Component } from '../part.ts';
import { billOfMaterials } from './cyclonedx.ts';

const component = (name: string, license?: string): Component => ({ type: 'library', name, version: '1.0.0', purl: `pkg:npm/${name.replace('@', '%40')}@1.0.0`, ...(license === undefined ? {} : { license }) });
const described = { name: 'guildhall/tool', version: '0.1.0', digest: `sha256:${'ab'.repeat(32)}`, architecture: 'amd64' };
const read = (...components: Component[]) => JSON.parse(billOfMaterials({ ...described, components }));

test('the list is the same in whatever order things were found, and has each once', () => {
  const [one, other] = [component('one'), component('other')];
  assert.equal(billOfMaterials({ ...described, components: [one, other, one] }), billOfMaterials({ ...described, components: [other, one] }));
  assert.equal(read(one, other, one).components.length, 2);
});

test('it names the image by its digest, under a number that follows from it', () => {
  const { serialNumber, metadata } = read();
  assert.match(serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(metadata.component.purl, `pkg:oci/tool@sha256%3A${'ab'.repeat(32)}?arch=amd64&tag=0.1.0`);
  assert.notEqual(JSON.parse(billOfMaterials({ ...described, digest: `sha256:${'cd'.repeat(32)}`, components: [] })).serialNumber, serialNumber);
});

test('a licence is an identifier, an expression, or what the package says', () => {
  const licensesOf = (license?: string) => read(component('a', license)).components[0].licenses;
  assert.deepEqual(licensesOf('MIT'), [{ license: { id: 'MIT' } }]);
  assert.deepEqual(licensesOf('(MIT OR Apache-2.0)'), [{ expression: '(MIT OR Apache-2.0)' }]);
  assert.deepEqual(licensesOf('SEE LICENSE IN LICENSE.md'), [{ license: { name: 'SEE LICENSE IN LICENSE.md' } }]);
  assert.equal(licensesOf(), undefined);
});

test('a scope is a group', () => {
  const [{ group, name }] = read(component('@scope/name')).components;
  assert.deepEqual([group, name], ['@scope', 'name']);
});
