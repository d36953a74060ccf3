import { crc32 } from 'node:zlib';
import { PackageError } from '../errors.ts';
import { textOf, utf8 } from '../protobuf.ts';

const BLOCK = 512;
const STORED_LIMIT = 0xffff;

export interface ArchiveEntry {
  readonly name: string;
  readonly content: Uint8Array;
}

/** A POSIX ustar archive of regular files, without owner and time: the same entries give the same bytes. */
export function tar(entries: readonly ArchiveEntry[]): Uint8Array {
  const parts = entries.flatMap(({ name, content }) => [
    tarHeader(name, content.length),
    content,
    new Uint8Array((BLOCK - (content.length % BLOCK)) % BLOCK),
  ]);
  return new Uint8Array(Buffer.concat([...parts, new Uint8Array(2 * BLOCK)]));
}

function tarHeader(name: string, size: number): Uint8Array {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;
  header.write(name, 0, 100);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(0, 12), 136);
  header.write('0', 156);
  header.write('ustar\x0000', 257, 'latin1');
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** The files of an archive that `tar` made. */
export function untar(archive: Uint8Array): readonly ArchiveEntry[] {
  const entries: ArchiveEntry[] = [];
  for (let offset = 0; offset + BLOCK <= archive.length;) {
    const header = archive.subarray(offset, offset + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const name = textOf(header.subarray(0, 100))?.replace(/\0.*$/s, '') ?? '';
    const size = Number.parseInt(Buffer.from(header.subarray(124, 135)).toString('latin1'), 8);
    const start = offset + BLOCK;
    if (name === '' || !Number.isInteger(size) || size < 0 || start + size > archive.length)
      throw new PackageError('INVALID_PACKAGE', 'The package is not a complete tar archive.');
    entries.push({ name, content: archive.subarray(start, start + size) });
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
}

/**
 * gzip (RFC 1952) without compression. Compressed bytes differ between versions and builds of zlib, and every member must
 * arrive at the same package id; what is packed here is a few hundred bytes.
 */
export function gzip(content: Uint8Array): Uint8Array {
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  const blocks: Buffer[] = [];
  for (let start = 0; start === 0 || start < content.length; start += STORED_LIMIT) {
    const part = content.subarray(start, start + STORED_LIMIT);
    const block = Buffer.alloc(5);
    block.writeUInt8(start + STORED_LIMIT >= content.length ? 1 : 0, 0);
    block.writeUInt16LE(part.length, 1);
    block.writeUInt16LE(part.length ^ STORED_LIMIT, 3);
    blocks.push(block, Buffer.from(part));
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length % 2 ** 32, 4);
  return new Uint8Array(Buffer.concat([header, ...blocks, trailer]));
}

export const jsonBytes = (value: unknown): Uint8Array => utf8(JSON.stringify(value));
