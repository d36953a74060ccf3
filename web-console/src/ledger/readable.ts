/** JSON with its structure to see; undefined for what is none, or a bare value that gains nothing by it. */
export function prettyJson(text: string): string | undefined {
  const start = text.trimStart()[0];
  if (start !== '{' && start !== '[') return undefined;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return undefined;
  }
}

/** A number beyond what JSON.parse keeps exactly would be shown as another one. */
const hasLongNumber = /(?:^|[\s,:[])-?\d{16,}/;

export type Form = 'json' | 'text' | 'base64' | 'empty';

interface Bytes {
  value: string;
  isText: boolean;
  length: number;
  cut: boolean;
}

/** How bytes of a ledger are shown. */
export function readable({ value, isText, length, cut }: Bytes): { form: Form; text: string } {
  if (length === 0) return { form: 'empty', text: '' };
  if (!isText) return { form: 'base64', text: value };
  const json = cut || hasLongNumber.test(value) ? undefined : prettyJson(value);
  return json === undefined ? { form: 'text', text: value } : { form: 'json', text: json };
}

/** Control and invisible characters, which composite keys are made with, by their number. */
// oxlint-disable-next-line no-control-regex -- those are what is looked for
const unseen = /[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFFE\uFFFF\u{10FFFF}]/gu;
export const visibleKey = (key: string): string => key.replace(unseen, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
