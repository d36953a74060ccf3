import { TransportError } from '../errors.ts';

/**
 * The lines of a stream of UTF-8, each as soon as its newline has arrived; a rest without one is given at the end.
 * A line longer than `maxBytes` is an error, or cut: it would grow the memory without end.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, maxBytes: number, beyond: 'refuse' | 'cut' = 'refuse'): AsyncGenerator<string, void, undefined> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  const keep = (part: Uint8Array): void => {
    const kept = beyond === 'cut' ? part.subarray(0, maxBytes - pendingBytes) : part;
    pendingBytes += kept.length;
    if (pendingBytes > maxBytes) throw new TransportError('TooLarge', `a line of the stream is longer than ${maxBytes} bytes`);
    pending.push(kept);
  };
  const take = (): string => {
    const line = Buffer.concat(pending).toString('utf8');
    pending = [];
    pendingBytes = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      keep(chunk.subarray(start, end));
      start = end + 1;
      const line = take();
      if (line !== '') yield line;
    }
    if (start < chunk.length) keep(chunk.subarray(start));
  }
  const rest = take();
  if (rest !== '') yield rest;
}
