import { TransportError } from '../errors.ts';

/**
 * The lines of a stream of UTF-8, each as soon as its newline has arrived; a rest without one is given at the end.
 * A line longer than `maxBytes` is an error: it would grow the memory without end.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string, void, undefined> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  const take = (last: Uint8Array): string => {
    const line = pending.length === 0 ? last : Buffer.concat([...pending, last]);
    pending = [];
    pendingBytes = 0;
    return Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      const line = take(chunk.subarray(start, end));
      start = end + 1;
      if (line !== '') yield line;
    }
    if (start === chunk.length) continue;
    const rest = chunk.subarray(start);
    pendingBytes += rest.length;
    if (pendingBytes > maxBytes) throw new TransportError('TooLarge', `a line of the stream is longer than ${maxBytes} bytes`);
    pending.push(rest);
  }
  const rest = take(new Uint8Array());
  if (rest !== '') yield rest;
}
