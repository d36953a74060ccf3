import { withoutQuoted } from './quoted.ts';

/** What stands between the placeholders of a sentence. Placeholders that touch are one: nothing tells where the first of them ends. */
export interface Pattern {
  readonly literals: readonly string[];
  readonly names: readonly string[];
}

export const placeholders = /(?:\{\{\w+\}\})+/g;

export const parsePattern = (text: string): Pattern => ({ literals: text.split(placeholders), names: text.match(placeholders) ?? [] });

/**
 * The values of the placeholders when all of the text is such a sentence. Each literal is looked for once, behind the one before it, and not within what is quoted, unless it
 * quotes something itself.
 */
export function matchPattern({ literals, names }: Pattern, text: string, plain = withoutQuoted(text)): ReadonlyMap<string, string> | undefined {
  const [first = '', ...others] = literals;
  const last = others.pop();
  if (last === undefined) return text === first ? new Map() : undefined;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return undefined;
  const end = text.length - last.length;
  const values = new Map<string, string>();
  let from = first.length;
  for (const [index, literal] of others.entries()) {
    const found = (/".+"/.test(literal) ? text : plain).indexOf(literal, from);
    if (found === -1 || found + literal.length > end) return undefined;
    values.set(names[index] ?? '', text.slice(from, found));
    from = found + literal.length;
  }
  values.set(names.at(-1) ?? '', text.slice(from, end));
  return values;
}

/** What it is made of when each placeholder gives way to what stands for it. */
export const fillPattern = <T>({ literals, names }: Pattern, ofLiteral: (text: string) => T, ofName: (name: string) => readonly T[]): T[] =>
  literals.flatMap((literal, index) => [ofLiteral(literal), ...(index < names.length ? ofName(names[index] ?? '') : [])]);
