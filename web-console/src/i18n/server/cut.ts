import { withoutQuoted } from './quoted.ts';

/** A part of a message: in the reader's language when its pattern is known, else as the server said it. */
export interface Part {
  readonly text: string;
  readonly known: boolean;
}

/** What a text is in another language. */
export interface Reading {
  readonly parts: readonly Part[];
  /** How many of its characters speak for it. */
  readonly weight: number;
}

export interface Piece {
  readonly text: string;
  /** Undefined for what is not known. */
  readonly reading: Reading | undefined;
}

const maxCuts = 40;

/** Where a text may be cut: before and after what separates its parts. */
function cutsOf(text: string): number[] {
  const separators = withoutQuoted(text).matchAll(/: |; |, |(?<=[.!?…]) |\.(?=\s|$)|\n| \(|\)/g);
  const cuts = [...separators].flatMap(({ index, 0: separator }) => [index, index + separator.length]);
  return [...new Set([0, ...cuts.slice(0, maxCuts), text.length])].sort((a, b) => a - b);
}

/** A way to a cut: how much of the text before it is known, and its last piece. */
interface Way {
  readonly weight: number;
  readonly from: number;
  readonly reading: Reading | undefined;
}

export interface Reader {
  read(piece: string): Reading | undefined;
  /** Whether all of a rest belongs together, because it ends in somebody else's words: these may hold whatever separates sentences. */
  isOne(rest: string): boolean;
}

/** The text in pieces, so that as much of it as possible is known: sentence by sentence, or a place and what is said of it. */
export function cut(text: string, { read, isOne }: Reader): Piece[] {
  const possible = cutsOf(text);
  const last = possible.find((from) => from < text.length && isOne(text.slice(from).trim())) ?? text.length;
  const cuts = possible.filter((place) => place <= last || place === text.length);
  const ways: Way[] = [{ weight: 0, from: 0, reading: undefined }];
  for (const [to, end] of cuts.entries()) {
    if (to > 0) ways.push(bestWay(ways, to, (from) => read(text.slice(cuts[from], end).trim())));
  }
  const pieces: Piece[] = [];
  for (let to = cuts.length - 1; to > 0; to = ways[to]?.from ?? 0) {
    pieces.unshift({ text: text.slice(cuts[ways[to]?.from ?? 0], cuts[to]), reading: ways[to]?.reading });
  }
  return pieces;
}

function bestWay(ways: readonly Way[], to: number, readFrom: (from: number) => Reading | undefined): Way {
  let best: Way = { weight: ways[to - 1]?.weight ?? 0, from: to - 1, reading: undefined };
  for (const [from, way] of ways.entries()) {
    const reading = readFrom(from);
    if (!reading) continue;
    const weight = way.weight + reading.weight;
    // Of the same weight the longest piece, and one that is known.
    if (weight > best.weight || (weight === best.weight && !best.reading)) best = { weight, from, reading };
  }
  return best;
}
