import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildSchema, parse, validate } from 'graphql';
import { exampleLanguages, exampleOf, type Call } from './examples.ts';

const schema = buildSchema(readFileSync(fileURLToPath(new URL('../../../../services/control-plane/schema.graphql', import.meta.url)), 'utf8'));
const call: Call = { consortium: 'trade', channel: 'notes', contract: 'receivable', function: 'Confirm', args: [`{"reason": "it's $HOME \\"quoted\\""}`], member: 'bank', role: 'funder', requestId: 'r-1' };

test('the documents of the examples are of the schema', () => {
  for (const writes of [true, false]) {
    const [document = ''] = exampleOf('graphql', call, { writes, origin: 'http://x' }).split('\n\n# variables');
    assert.deepEqual(validate(schema, parse(document)), []);
  }
});

test('a shell passes on the call as it is', () => {
  const command = exampleOf('curl', call, { writes: true, origin: 'http://x' }).replace(/^curl/, 'curl() { for last; do :; done; printf %s "$last"; }; curl');
  const sent = JSON.parse(execFileSync('sh', ['-c', command], { encoding: 'utf8' })) as { variables: { input: unknown } };
  assert.deepEqual(sent.variables.input, { ...call, args: [...call.args] });
});

test('no example has a token, and each has the whole call', () => {
  for (const language of exampleLanguages) {
    const text = exampleOf(language, { ...call, args: ['plain'], requestId: undefined, role: undefined }, { writes: false, origin: 'http://x' });
    assert.match(text, /plain/);
    assert.doesNotMatch(text, /requestId|"role"/);
  }
});
