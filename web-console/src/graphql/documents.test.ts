import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildSchema, parse, validate } from 'graphql';
import { generateDocuments } from '../../scripts/documents.ts';

const generated = new URL('generated/', import.meta.url);
const schema = buildSchema(readFileSync(new URL('../../../services/control-plane/schema.graphql', import.meta.url), 'utf8'));

test('the generated documents are what the schema and the documents beside the screens give (npm run generate -w web-console)', async () => {
  for (const [name, text] of await generateDocuments()) assert.equal(readFileSync(new URL(name, generated), 'utf8'), text, name);
});

test('each persisted document stands under its own digest and is one that the API answers', () => {
  const documents = JSON.parse(readFileSync(new URL('persisted-documents.json', generated), 'utf8')) as Record<string, string>;
  assert.ok(Object.keys(documents).length > 0);
  for (const [id, text] of Object.entries(documents)) {
    assert.equal(createHash('sha256').update(text).digest('hex'), id);
    assert.deepEqual(validate(schema, parse(text)), []);
  }
});
