import type { ImageFile } from './layer.ts';

/** A piece of software in an image, as the image's list of contents names it. */
export interface Component {
  type: 'application' | 'library';
  name: string;
  version: string;
  /** Package URL: what scanners know it by. */
  purl: string;
  /** An SPDX expression, as its package gives it. */
  license?: string;
}

/** A layer of an image, and what it consists of. */
export interface Part {
  files: readonly ImageFile[];
  components: readonly Component[];
}

export const joinParts = (...parts: readonly Part[]): Part => ({
  files: parts.flatMap(({ files }) => files),
  components: parts.flatMap(({ components }) => components),
});

/** What a part adds to another that lies below it. */
export function without(part: Part, below: Part): Part {
  const there = new Set(below.files.map(({ path }) => path));
  return { files: part.files.filter(({ path }) => !there.has(path)), components: part.components };
}

/** An image cannot be made; the message says why and what to do. */
export class ImageError extends Error {
  override name = 'ImageError';
}
