import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { crdFiles } from './crd-files.ts';
import { crd, kinds } from './index.ts';

const folder = new URL('../../../charts/guildhall-crds/definitions/', import.meta.url);

test('the CRDs in the chart are what the schemas say', async () => {
  const printed = crdFiles();
  assert.deepEqual((await readdir(folder)).toSorted(), printed.map(([name]) => name).toSorted());
  for (const [name, text] of printed) {
    assert.equal(await readFile(new URL(name, folder), 'utf8'), text, `${name} differs: npm run print-charts -w packages/resources`);
  }
});

function* schemasWithin(schema: Record<string, unknown>, path: string): Generator<[string, Record<string, unknown>]> {
  yield [path, schema];
  for (const [name, child] of Object.entries((schema['properties'] ?? {}) as Record<string, Record<string, unknown>>)) {
    yield* schemasWithin(child, `${path}.${name}`);
  }
  if (schema['items']) yield* schemasWithin(schema['items'] as Record<string, unknown>, `${path}[]`);
}

test('every text and list of a CRD is bounded, so that nobody can store a megabyte and CEL stays cheap', () => {
  for (const kind of kinds) {
    const definition = crd(kind) as { spec: { versions: [{ schema: { openAPIV3Schema: { properties: { spec: object; status: object } } } }] } };
    const { spec, status } = definition.spec.versions[0].schema.openAPIV3Schema.properties;
    for (const part of [spec, status]) {
      for (const [path, schema] of schemasWithin(part as Record<string, unknown>, kind.type.kind)) {
        if (schema['type'] === 'string') {
          assert.ok(schema['maxLength'] ?? schema['enum'] ?? schema['format'] ?? schema['pattern'], `${path} needs a maxLength`);
        }
        if (schema['type'] === 'array') assert.ok(schema['maxItems'], `${path} needs maxItems`);
        assert.ok(schema['type'], `${path} needs a type`);
      }
    }
  }
});
