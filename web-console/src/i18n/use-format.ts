import { useAppearance } from '../app/appearance-context.ts';
import { createFormat, type Format } from './format.ts';
import type { Language } from './languages.ts';

/** What formats is dear to make, and a table asks for it in every cell. */
const formats = new Map<Language, Format>();

export function useFormat(): Format {
  const { language } = useAppearance();
  const known = formats.get(language);
  if (known) return known;
  const made = createFormat(language);
  formats.set(language, made);
  return made;
}
