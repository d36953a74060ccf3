import { cut, type Part, type Reading } from './cut.ts';
import { createEntries, type Catalogue, type Entry } from './entries.ts';
import { fillPattern, matchPattern } from './pattern.ts';
import { isQuoted, withoutQuoted } from './quoted.ts';

/** Undefined when nothing of the message is known. */
export type ServerText = (message: string) => readonly Part[] | undefined;

// Messages hold names that others chose. What is read of one is bounded, so that none keeps the page busy.
const maxLength = 4000;
const maxDepth = 4;

export interface Bounds {
  /** A message that takes more is left as it is. */
  readonly maxLookups?: number;
  /** Told of each message what it took. */
  readonly onLookups?: (lookups: number) => void;
}

const separators: Readonly<Record<string, string>> = { ': ': '：', '; ': '；', ', ': '，', '.': '。', ' ': '' };
/** Placeholders of these names stand for the server's own nouns. */
const nouns = /^\{\{(?:kind|of|role|state|unit|what|words)\d*\}\}$/;
/** What is called so is a name or a number of somebody's, not a choice of words. */
const things = /(?:Name|Namespace|Id|Uid|Digest|Number|Count)\d*$/;

/** A choice of words is named after all of them, as `isAre` is. A placeholder of one word is named after what it stands for, and may hold any name. */
function isOwnWord(name: string, text: string): boolean {
  if (nouns.test(name)) return true;
  const [, word = ''] = /^\{\{([a-zA-Z]+)\d*\}\}$/.exec(name) ?? [];
  const words = word.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
  return words.length > 1 && !things.test(word) && words.some((each) => each.toLowerCase() === text.toLowerCase());
}

/** Also with its MSP, or a signer as policies name it. */
const isName = (text: string): boolean => /^[^\s,;()]*[^\s,;:.()](?: (?:\([^\s()]+\)|admin|client|member|orderer|peer))?$/.test(text);
const isWord = (text: string): boolean => /^[A-Za-z]+$/.test(text);
/** Such a short pattern says little by itself: what stands in it has to be understood as well. */
const tellingWords = 3;

const asKnown = (text: string): Part => ({ text, known: true });
const unread = (text: string): Reading => ({ parts: [{ text, known: false }], weight: 0 });

export function createServerText(catalogue: Catalogue, { maxLookups = 50_000, onLookups }: Bounds = {}): ServerText {
  const { exact, startingLike } = createEntries(catalogue);

  return (message) => {
    if (message.length > maxLength) return undefined;
    let lookups = 0;
    // How deep a text stands decides how far it is read, so the keys tell that too.
    const known = new Map<string, Reading | undefined>();
    const several = new Map<string, Reading | undefined>();
    const endings = new Map<string, boolean>();

    /** Whether there is no more to be spent on this message. */
    function isSpent(): boolean {
      lookups += 1;
      return lookups > maxLookups;
    }

    /** All of a text by one pattern: the one that, with what stands in it, explains most. */
    function whole(text: string, depth: number): Reading | undefined {
      if (isSpent() || text === '') return undefined;
      return exact(text) ?? once(known, `${depth} ${text}`, () => byPattern(text, depth));
    }

    function byPattern(text: string, depth: number): Reading | undefined {
      let best = counted(text);
      const plain = withoutQuoted(text);
      for (const entry of startingLike(text)) {
        const values = matchPattern(entry.pattern, text, plain);
        const reading = values && filled(entry, values, depth);
        if (reading && reading.weight > (best?.weight ?? 0)) best = reading;
      }
      return best;
    }

    /** As in "3 peers". */
    function counted(text: string): Reading | undefined {
      const [, number, unit = ''] = /^(\d+) ([A-Za-z ]+)$/.exec(text) ?? [];
      const noun = number === undefined ? undefined : (exact(unit) ?? exact(unit.replace(/s$/, '')));
      return noun && { parts: [asKnown(`${number} 个`), ...noun.parts], weight: noun.weight };
    }

    function filled({ translation, weight, words, verbatim }: Entry, values: ReadonlyMap<string, string>, depth: number): Reading | undefined {
      const readings = new Map<string, Reading | undefined>();
      for (const [name, value] of values) readings.set(name, verbatim.includes(name) ? unread(value) : valueOf(name, value, depth + 1));
      const unknown = [...readings.values()].filter((reading) => reading === undefined).length;
      if (words < tellingWords && unknown > 0) return undefined;
      const within = weightOf([...readings.values()]);
      // Of punctuation alone nothing is known.
      if (words === 0 && within === 0) return undefined;
      return { parts: fillPattern(translation, asKnown, (name) => (readings.get(name) ?? unread(values.get(name) ?? '')).parts), weight: weight + within - unknown };
    }

    /** What stands in a placeholder: a name, a number of something, known words, or a list of these. */
    function valueOf(name: string, value: string, depth: number): Reading | undefined {
      if (isSpent()) return undefined;
      const text = value.trim();
      if (isQuoted(text)) return unread(value);
      const word = exact(text);
      if (word && (text.includes(' ') || isOwnWord(name, text))) return word;
      const number = counted(text);
      if (number) return number;
      if (text === '' || isName(text)) return { parts: [asKnown(value)], weight: 0 };
      return depth > maxDepth ? undefined : once(several, `${depth} ${text}`, () => compound(text, depth));
    }

    function compound(text: string, depth: number): Reading | undefined {
      const bracketed = inBrackets(text, depth);
      if (bracketed) return bracketed;
      const list = listOf(text, depth);
      const pieces = partsOf(text, depth);
      const joint: Reading = { parts: pieces.flatMap(({ parts }) => parts), weight: weightOf(pieces) };
      if (list && list.weight >= joint.weight) return list;
      return joint.weight === 0 ? undefined : joint;
    }

    function inBrackets(text: string, depth: number): Reading | undefined {
      const [, within] = /^\(([^()]+)\)$/.exec(text) ?? [];
      const reading = within === undefined ? undefined : valueOf('', within, depth + 1);
      return reading && { ...reading, parts: [asKnown('（'), ...reading.parts, asKnown('）')] };
    }

    function listOf(text: string, depth: number): Reading | undefined {
      const readings: Reading[] = [];
      for (const item of itemsOf(text)) {
        const reading = valueOf('', item, depth + 1);
        if (!reading) return undefined;
        readings.push(reading);
      }
      if (readings.length < 2) return undefined;
      return { parts: readings.flatMap(({ parts }, place) => (place === 0 ? parts : [asKnown('、'), ...parts])), weight: weightOf(readings) };
    }

    /** A word alone may be a name, but for the first one of a message, as in "failed: …". */
    const piece = (text: string, of: string, depth: number): Reading | undefined =>
      isWord(text) && text !== message && !(depth === 0 && of.startsWith(`${text}: `) && text === text.toLowerCase()) ? undefined : whole(text, depth);

    function partsOf(text: string, depth: number): Reading[] {
      if (isSpent()) return [];
      const pieces = cut(text, { read: (each) => piece(each, text, depth), isOne: endsInOthersWords });
      return pieces.map(({ text: raw, reading }, place) => {
        if (reading) return reading;
        const isBetween = pieces[place - 1]?.reading !== undefined || pieces[place + 1]?.reading !== undefined;
        const separator = isBetween ? separators[raw] : undefined;
        // Within a sentence a name is part of it.
        const isPart = separator !== undefined || (depth > 0 && isName(raw) && !isQuoted(raw));
        return isPart ? { parts: [asKnown(separator ?? raw)], weight: 0 } : unread(raw);
      });
    }

    /** They may hold anything, up to where the text ends. */
    function endsInOthersWords(text: string): boolean {
      if (isSpent()) return false;
      return once(endings, text, () => isOpen(text));
    }

    function isOpen(text: string): boolean {
      return startingLike(text).some(({ pattern, verbatim }) => {
        const values = verbatim.length > 0 ? matchPattern(pattern, text) : undefined;
        return values !== undefined && (pattern.literals[0] !== '' || isOneClause(values.get(pattern.names[0] ?? '') ?? ''));
      });
    }

    const parts = joined(partsOf(message, 0).flatMap((reading) => reading.parts));
    onLookups?.(lookups);
    return lookups <= maxLookups && parts.some((part) => part.known) ? parts : undefined;
  };
}

function once<T>(found: Map<string, T>, key: string, find: () => T): T {
  if (!found.has(key)) found.set(key, find());
  return found.get(key) as T;
}

const isOneClause = (text: string): boolean => !/[:;.!?…] |\n/.test(text);

/** The items of a list "a, b and c". */
function itemsOf(text: string): string[] {
  const items: string[] = [];
  let from = 0;
  for (const { index, 0: separator } of withoutQuoted(text).matchAll(/(?:, | and )(?![^(]*\))/g)) {
    items.push(text.slice(from, index));
    from = index + separator.length;
  }
  return [...items, text.slice(from)];
}

const weightOf = (readings: readonly (Reading | undefined)[]): number => readings.reduce((sum, reading) => sum + (reading?.weight ?? 0), 0);

function joined(parts: readonly Part[]): Part[] {
  const found: Part[] = [];
  for (const { text, known } of parts) {
    if (text === '') continue;
    const last = found.at(-1);
    if (last?.known === known) found.splice(-1, 1, { text: `${last.text}${text}`, known });
    else found.push({ text, known });
  }
  return found;
}
