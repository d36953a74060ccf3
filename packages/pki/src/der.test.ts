import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readElement, readSequence } from './der-reader.ts';
import { readNamedBits, readObjectIdentifier, readPositiveInteger, readTime } from './der-values.ts';
import { bitString, namedBits, objectIdentifier, octetString, sequence, time, unsignedInteger } from './der-writer.ts';
import { PkiError } from './errors.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const read = (text: string) => readElement(Buffer.from(text, 'hex'), 'test');
const isMalformed = (error: unknown): boolean => error instanceof PkiError && error.code === 'DER_MALFORMED';

test('values have one encoding, the shortest', () => {
  assert.equal(hex(unsignedInteger(Uint8Array.of(0, 0, 0x7f))), '02017f');
  assert.equal(hex(unsignedInteger(Uint8Array.of(0x80))), '02020080');
  assert.equal(hex(unsignedInteger(new Uint8Array())), '020100');
  assert.equal(hex(objectIdentifier('1.2.840.113549')), '06062a864886f70d');
  assert.equal(hex(namedBits([5, 6])), '03020106');
  assert.equal(hex(bitString(Uint8Array.of(1))), '03020001');
  assert.equal(hex(octetString(new Uint8Array(200)).subarray(0, 3)), '0481c8');
  assert.equal(hex(octetString(new Uint8Array(300)).subarray(0, 4)), '0482012c');
});

test('time is UTCTime through 2049 and GeneralizedTime from 2050', () => {
  assert.equal(
    Buffer.from(time(new Date('2049-12-31T23:59:59Z')))
      .subarray(2)
      .toString(),
    '491231235959Z',
  );
  assert.equal(
    Buffer.from(time(new Date('2050-01-01T00:00:00Z')))
      .subarray(2)
      .toString(),
    '20500101000000Z',
  );
  for (const text of ['1999-01-01T00:00:00Z', '2026-02-28T01:02:03Z', '2050-06-01T00:00:00Z']) {
    assert.deepEqual(readTime(readElement(time(new Date(text)), 'time'), 'time'), new Date(text));
  }
});

test('what is not canonical is refused', () => {
  const cases: [string, string][] = [
    ['indefinite length', '30800201010000'],
    ['length of one byte in two', '04810100'],
    ['length with a leading zero', '0482000100'],
    ['trailing bytes', '02010100'],
    ['truncated content', '0405aabb'],
    ['tag of two bytes', '1f810100'],
    ['empty input', ''],
  ];
  for (const [what, text] of cases) assert.throws(() => read(text), isMalformed, what);
  assert.throws(() => readPositiveInteger(read('02020001'), 'test'), isMalformed, 'padded integer');
  assert.throws(() => readPositiveInteger(read('0201ff'), 'test'), isMalformed, 'negative integer');
  assert.throws(() => readPositiveInteger(read('020100'), 'test'), isMalformed, 'zero');
  assert.throws(() => readObjectIdentifier(read('06028001'), 'test'), isMalformed, 'padded identifier');
  assert.throws(() => readObjectIdentifier(read('060181'), 'test'), isMalformed, 'cut-off identifier');
  assert.throws(() => readNamedBits(read('0303010600'), 'test'), isMalformed, 'trailing zero bits');
  assert.throws(() => readTime(read('170d' + Buffer.from('260231000000Z').toString('hex')), 'test'), isMalformed, '31 February');
});

test('nesting costs nothing: only known levels are read', () => {
  let bomb: Uint8Array = sequence();
  for (let depth = 0; depth < 2000; depth++) bomb = sequence(bomb);
  assert.equal(readSequence(bomb, 'bomb').rest().length, 1);
});
