import type { Part } from '../i18n/server/cut.ts';

export type Read = (message: string) => readonly Part[] | undefined;

/** Undefined when they do not begin so. */
function without(beginning: string, parts: readonly Part[]): Part[] | undefined {
  if (!parts.map(({ text }) => text).join('').startsWith(beginning)) return undefined;
  let left = beginning.length;
  return parts.flatMap(({ text, known }) => {
    const rest = text.slice(left);
    left = Math.max(0, left - text.length);
    return rest === '' ? [] : [{ text: rest, known }];
  });
}

/**
 * What the server says, as the reader reads it. Where a value is entered, a message about it does not begin with the name that the API has for it:
 * the reader sees another one there, the label.
 * @param place the path of that value; undefined elsewhere
 * @param read undefined in English, which is what the server says
 */
export function saidAt(place: string | undefined, message: string, read: Read | undefined): readonly Part[] {
  const beginning = `${place}: `;
  if (place === undefined || !message.startsWith(beginning)) return read?.(message) ?? [{ text: message, known: false }];
  const rest = message.slice(beginning.length);
  // Some sentences are known with the name alone, so that what is cut is their translation; in others the name is translated too.
  const whole = read?.(message);
  return (whole && without(`${place}：`, whole)) ?? read?.(rest) ?? [{ text: rest, known: false }];
}
