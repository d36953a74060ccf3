import { cut, type Reading } from './cut.ts';
import { createEntries, type Catalogue, type Entry } from './entries.ts';
import { fillPattern, matchPattern } from './pattern.ts';

/** A part of a message: in the reader's language when its pattern is known, else as the server said it. */
export interface Part {
  readonly text: string;
  readonly known: boolean;
}

/** Undefined when nothing of the message is known. */
export type ServerText = (message: string) => readonly Part[] | undefined;

// Messages hold names that others chose. What is read of one is bounded, so that none keeps the page busy.
const maxLength = 4000;
const maxDepth = 6;
const maxLookups = 2000;

const separators: Readonly<Record<string, string>> = { ': ': '：', '; ': '；', ', ': '，', '.': '。', ' ': '' };
/** Placeholders of these names stand for the server's own nouns; another one stands for one of the words that its name is made of, as `isAre` does. */
const nouns = /^\{\{(?:kind|of|role|state|unit|what|words)\d*\}\}$/;
const isOwnWord = (name: string, text: string): boolean => nouns.test(name) || name.toLowerCase().includes(text.toLowerCase());
/** Also with its MSP, or a signer as policies name it. */
const isName = (text: string): boolean => /^[^\s,;()]*[^\s,;:.()](?: (?:\([^\s()]+\)|admin|client|member|orderer|peer))?$/.test(text);
const isWord = (text: string): boolean => /^[A-Za-z]+$/.test(text);
/** Such a short pattern says little by itself: what stands in it has to be understood as well. */
const tellingWords = 3;

export function createServerText(catalogue: Catalogue): ServerText {
  const { exact, startingLike } = createEntries(catalogue);

  return (message) => {
    if (message.length > maxLength) return undefined;
    let lookups = 0;
    const known = new Map<string, Reading | undefined>();

    /** All of a text by one pattern: the one that, with what stands in it, explains most. */
    function whole(text: string, depth: number): Reading | undefined {
      const literal = exact(text);
      if (literal || known.has(text)) return literal ?? known.get(text);
      lookups += 1;
      if (lookups > maxLookups || text === '') return undefined;
      let best = counted(text);
      for (const entry of startingLike(text)) {
        const values = matchPattern(entry.pattern, text);
        const reading = values && filled(entry, values, depth);
        if (reading && reading.weight > (best?.weight ?? 0)) best = reading;
      }
      known.set(text, best);
      return best;
    }

    /** As in "3 peers". */
    function counted(text: string): Reading | undefined {
      const [, number, things = ''] = /^(\d+) ([A-Za-z ]+)$/.exec(text) ?? [];
      const noun = number === undefined ? undefined : (exact(things) ?? exact(things.replace(/s$/, '')));
      return noun && { text: `${number} 个${noun.text}`, weight: noun.weight };
    }

    function filled({ pattern, translation, weight, words }: Entry, values: ReadonlyMap<string, string>, depth: number): Reading | undefined {
      const readings = new Map(pattern.names.map((name) => [name, valueOf(name, values.get(name) ?? '', depth + 1)]));
      const unknown = [...readings.values()].filter((reading) => reading === undefined).length;
      if (words < tellingWords && unknown > 0) return undefined;
      const within = weightOf([...readings.values()]);
      // Of punctuation alone nothing is known.
      if (words === 0 && within === 0) return undefined;
      return { text: fillPattern(translation, (name) => readings.get(name)?.text ?? values.get(name) ?? ''), weight: weight + within - unknown };
    }

    /** What stands in a placeholder: a name, a number of something, known words, or a list of these. */
    function valueOf(name: string, value: string, depth: number): Reading | undefined {
      const text = value.trim();
      const word = exact(text);
      if (word && (text.includes(' ') || isOwnWord(name, text))) return word;
      const number = counted(text);
      if (number) return number;
      if (text === '' || isName(text)) return { text: value, weight: 0 };
      if (depth > maxDepth) return undefined;
      const bracketed = inBrackets(text, depth);
      if (bracketed) return bracketed;
      const list = listOf(text, depth);
      const parts = partsOf(text, depth);
      const joint = { text: parts.map((part) => part.text).join(''), weight: weightOf(parts) };
      if (list && list.weight >= joint.weight) return list;
      return joint.weight === 0 ? undefined : joint;
    }

    function inBrackets(text: string, depth: number): Reading | undefined {
      const [, within] = /^\(([^()]+)\)$/.exec(text) ?? [];
      const reading = within === undefined ? undefined : valueOf('', within, depth + 1);
      return reading && { ...reading, text: `（${reading.text}）` };
    }

    function listOf(text: string, depth: number): Reading | undefined {
      const items = text.split(/(?:, | and )(?![^(]*\))/);
      if (items.length < 2) return undefined;
      const readings = items.map((item) => valueOf('', item, depth + 1));
      if (readings.includes(undefined)) return undefined;
      return { text: readings.map((reading) => reading?.text).join('、'), weight: weightOf(readings) };
    }

    /** A word alone may be a name, but for the first one of a message, as in "failed: …". */
    const piece = (text: string, of: string, depth: number): Reading | undefined =>
      isWord(text) && text !== message && !(depth === 0 && of.startsWith(`${text}: `) && text === text.toLowerCase()) ? undefined : whole(text, depth);

    function partsOf(text: string, depth: number): (Part & Reading)[] {
      const pieces = cut(text, (each) => piece(each, text, depth));
      return pieces.map(({ text: raw, reading }, place) => {
        const isBetween = pieces[place - 1]?.reading !== undefined || pieces[place + 1]?.reading !== undefined;
        const known = reading?.text ?? (isBetween ? separators[raw] : undefined);
        return { text: known ?? raw, known: known !== undefined, weight: reading?.weight ?? 0 };
      });
    }

    const parts = partsOf(message, 0);
    return parts.some((part) => part.known) ? joined(parts) : undefined;
  };
}

const weightOf = (readings: readonly (Reading | undefined)[]): number => readings.reduce((sum, reading) => sum + (reading?.weight ?? 0), 0);

function joined(parts: readonly Part[]): Part[] {
  const found: Part[] = [];
  for (const { text, known } of parts) {
    const last = found.at(-1);
    if (last?.known === known) found.splice(-1, 1, { text: `${last.text}${text}`, known });
    else found.push({ text, known });
  }
  return found;
}
