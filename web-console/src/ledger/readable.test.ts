import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readable, visibleKey } from './readable.ts';

const text = (value: string, cut = false) => readable({ value, isText: true, length: value.length, cut });

test('JSON is shown with its structure, other text as it is, bytes as base64', () => {
  assert.deepEqual(text('{"a":[1]}'), { form: 'json', text: '{\n  "a": [\n    1\n  ]\n}' });
  assert.deepEqual(text('hello'), { form: 'text', text: 'hello' });
  assert.deepEqual(text('{broken'), { form: 'text', text: '{broken' });
  assert.deepEqual(readable({ value: 'AAE=', isText: false, length: 2, cut: false }), { form: 'base64', text: 'AAE=' });
  assert.deepEqual(text(''), { form: 'empty', text: '' });
});

test('what is cut, or would be changed by reading it as JSON, stays as it is', () => {
  assert.equal(text('{"a":1', true).form, 'text');
  assert.equal(text('{"a":12345678901234567890}').text, '{"a":12345678901234567890}');
});

test('characters that cannot be seen in a key are named', () => {
  assert.equal(visibleKey('\u0000note\u0000R1\u0000'), String.raw`\u{0}note\u{0}R1\u{0}`);
  assert.equal(visibleKey('\u202Eabc'), String.raw`\u{202e}abc`);
  assert.equal(visibleKey('应收账款/R1'), '应收账款/R1');
});
