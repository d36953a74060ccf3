import type { Reading } from './cut.ts';
import { parsePattern, type Pattern } from './pattern.ts';
import { verbatimIn } from './verbatim.ts';

/** English patterns, and the same in another language with the same placeholders or fewer of them. */
export type Catalogue = Readonly<Record<string, string>>;

export interface Entry {
  readonly pattern: Pattern;
  readonly translation: Pattern;
  /** Characters outside of placeholders: what speaks for this pattern when several fit. */
  readonly weight: number;
  readonly words: number;
  /** Placeholders for somebody else's words. */
  readonly verbatim: readonly string[];
}

export interface Entries {
  /** Texts without a placeholder. */
  exact(text: string): Reading | undefined;
  /** Patterns that begin as the text does, or with a placeholder. */
  startingLike(text: string): readonly Entry[];
}

export function createEntries(catalogue: Catalogue): Entries {
  const texts = new Map<string, Reading>();
  const byStart = new Map<string, Entry[]>();
  for (const [english, translated] of Object.entries(catalogue)) {
    const pattern = parsePattern(english);
    const weight = pattern.literals.join('').length;
    if (pattern.names.length === 0) texts.set(english, { parts: [{ text: translated, known: true }], weight });
    else {
      const start = pattern.literals[0]?.charAt(0) ?? '';
      const words = pattern.literals.join(' ').match(/[A-Za-z]{2,}/g)?.length ?? 0;
      byStart.set(start, [...(byStart.get(start) ?? []), { pattern, translation: parsePattern(translated), weight, words, verbatim: verbatimIn(english) }]);
    }
  }
  return {
    exact: (text) => texts.get(text),
    startingLike: (text) => [...(byStart.get(text.charAt(0)) ?? []), ...(byStart.get('') ?? [])],
  };
}
