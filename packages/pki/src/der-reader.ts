import { tag } from './der-writer.ts';
import { PkiError } from './errors.ts';

/**
 * A strict reader of Distinguished Encoding Rules: definite, minimal lengths and single-byte tags only, nothing after the end.
 * It reads one level at a time, so depth costs nothing: callers descend only where they know the structure.
 */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  /** The whole encoding, tag and length included. */
  readonly raw: Uint8Array;
}

/** Reads exactly one element that fills `bytes`. `where` names it in errors. */
export function readElement(bytes: Uint8Array, where: string): DerElement {
  const cursor = new DerCursor(bytes, where);
  const element = cursor.next();
  cursor.end();
  return element;
}

export function readSequence(bytes: Uint8Array, where: string): DerCursor {
  return childrenOf(readElement(bytes, where), tag.sequence, where);
}

export function childrenOf(element: DerElement, expectedTag: number, where: string): DerCursor {
  return new DerCursor(contentOf(element, expectedTag, where), where);
}

export function contentOf(element: DerElement, expectedTag: number, where: string): Uint8Array {
  if (element.tag !== expectedTag) throw malformed(where, `tag 0x${element.tag.toString(16)} where 0x${expectedTag.toString(16)} belongs`);
  return element.content;
}

/** Walks over the elements of one constructed value. */
export class DerCursor {
  readonly #bytes: Uint8Array;
  readonly #where: string;
  #offset = 0;

  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes;
    this.#where = where;
  }

  get done(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  next(expectedTag?: number): DerElement {
    const element = this.#read();
    if (expectedTag !== undefined) contentOf(element, expectedTag, this.#where);
    return element;
  }

  /** The next element if it has this tag. */
  optional(expectedTag: number): DerElement | undefined {
    return !this.done && this.#bytes[this.#offset] === expectedTag ? this.#read() : undefined;
  }

  end(): void {
    if (!this.done) throw malformed(this.#where, `${this.#bytes.length - this.#offset} bytes too many`);
  }

  rest(expectedTag?: number): DerElement[] {
    const elements: DerElement[] = [];
    while (!this.done) elements.push(this.next(expectedTag));
    return elements;
  }

  #byte(at: number): number {
    const value = this.#bytes[at];
    if (value === undefined) throw malformed(this.#where, 'it ends too early');
    return value;
  }

  #read(): DerElement {
    const start = this.#offset;
    const tagByte = this.#byte(start);
    if ((tagByte & 0x1f) === 0x1f) throw malformed(this.#where, 'a tag of more than one byte');
    let contentStart = start + 2;
    let length = this.#byte(start + 1);
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count === 0 || count > 3) throw malformed(this.#where, 'an indefinite or oversized length');
      length = 0;
      for (let i = 0; i < count; i++) length = length * 256 + this.#byte(contentStart++);
      if (length < 0x80 || length < 256 ** (count - 1)) throw malformed(this.#where, 'a length that is not minimal');
    }
    const end = contentStart + length;
    if (end > this.#bytes.length) throw malformed(this.#where, 'it ends too early');
    this.#offset = end;
    return { tag: tagByte, content: this.#bytes.subarray(contentStart, end), raw: this.#bytes.subarray(start, end) };
  }
}

export function malformed(where: string, what: string): PkiError {
  return new PkiError('DER_MALFORMED', `the ${where} is not valid DER: ${what}`);
}
