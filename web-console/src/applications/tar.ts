export interface ArchiveFile {
  /** At most 100 bytes. */
  path: string;
  text: string;
  /** For the owner alone, as keys are. */
  secret?: boolean;
}

const blockSize = 512;
const encoder = new TextEncoder();

const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;

/** A header of the POSIX format ustar: every field at its place, and a sum over all of it. */
function header(path: string, size: number, mode: number, mtime: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(blockSize);
  const put = (text: string, at: number): void => block.set(encoder.encode(text), at);
  if (encoder.encode(path).length > 100) throw new Error(`the path ${path} is too long for the archive`);
  put(path, 0);
  put(octal(mode, 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(size, 11), 124);
  put(octal(mtime, 11), 136);
  put(' '.repeat(8), 148);
  put('0', 156);
  put('ustar\u000000', 257);
  put(octal(block.reduce((sum, byte) => sum + byte, 0), 6), 148);
  return block;
}

/** Files of a folder as one, which every tar unpacks. */
export function tarOf(files: readonly ArchiveFile[], now: Date): Uint8Array<ArrayBuffer> {
  const mtime = Math.floor(now.getTime() / 1000);
  const parts = files.flatMap(({ path, text, secret }) => {
    const bytes = encoder.encode(text);
    const padded = new Uint8Array(Math.ceil(bytes.length / blockSize) * blockSize);
    padded.set(bytes);
    return [header(path, bytes.length, secret ? 0o600 : 0o644, mtime), padded];
  });
  const archive = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0) + 2 * blockSize);
  let at = 0;
  for (const part of parts) {
    archive.set(part, at);
    at += part.length;
  }
  return archive;
}
