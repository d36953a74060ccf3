import { preferredLanguage, type Language } from '../i18n/languages.ts';

export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

export interface Appearance {
  language: Language;
  theme: ThemeChoice;
}

const keys = { language: 'guildhall.language', theme: 'guildhall.theme' } as const;

/** A browser may forbid storage; then nothing is remembered. */
function stored(storage: () => Storage, key: string): string | null {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

export function readAppearance(storage: () => Storage, browserLanguages: readonly string[]): Appearance {
  const theme = stored(storage, keys.theme);
  return {
    language: preferredLanguage(stored(storage, keys.language), browserLanguages),
    theme: themeChoices.find((choice) => choice === theme) ?? 'system',
  };
}

export const storage = (): Storage => window.localStorage;
export const appearanceAtStart = (): Appearance => readAppearance(storage, navigator.languages);

export function rememberAppearance(storage: () => Storage, appearance: Appearance): void {
  try {
    storage().setItem(keys.language, appearance.language);
    storage().setItem(keys.theme, appearance.theme);
  } catch {
    // As above.
  }
}
