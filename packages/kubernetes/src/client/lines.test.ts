import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as assertProperty, asyncProperty, integer, string } from 'fast-check';
import { TransportError } from '../errors.ts';
import { linesOf } from './lines.ts';

async function* chunks(bytes: Uint8Array, sizes: number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    await Promise.resolve();
    if (at < bytes.length) yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

describe('lines of a stream', () => {
  it('are the same however the stream is cut into chunks, also in the middle of a character', async () => {
    await assertProperty(
      asyncProperty(array(string({ unit: 'grapheme' })), array(integer({ min: 1, max: 7 })), async (texts, sizes) => {
        const lines = texts.map((text) => text.replaceAll('\n', '')).filter((text) => text !== '');
        assert.deepEqual(await collect(linesOf(chunks(Buffer.from(lines.join('\n')), sizes), 1_000_000)), lines);
      }),
      { numRuns: 200 },
    );
  });

  it('may not be longer than the cap, with or without an end', async () => {
    const long = Buffer.from(`${'x'.repeat(100)}\n`);
    const tooLarge = (error: unknown): boolean => error instanceof TransportError && error.code === 'TooLarge';
    await assert.rejects(collect(linesOf(chunks(long, [10, 10, 10]), 50)), tooLarge);
    await assert.rejects(collect(linesOf(chunks(long, []), 50)), tooLarge);
    assert.equal((await collect(linesOf(chunks(long, [10, 10]), 100))).length, 1);
  });

  it('are cut at the cap where that is asked for, and the next line begins where it begins', async () => {
    const text = Buffer.from(`${'x'.repeat(100)}\nshort\n${'y'.repeat(60)}`);
    for (const sizes of [[], [10, 10, 10], [99, 2], [50], [51]]) assert.deepEqual(await collect(linesOf(chunks(text, sizes), 50, 'cut')), ['x'.repeat(50), 'short', 'y'.repeat(50)]);
  });
});
