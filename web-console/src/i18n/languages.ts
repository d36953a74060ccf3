export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** Each in its own words, for who cannot read the present one. */
export const languageNames: Record<Language, string> = { en: 'English', zh: '中文' };

/** For Intl and the lang attribute. */
export const localeOf: Record<Language, string> = { en: 'en-GB', zh: 'zh-CN' };

const isLanguage = (value: string | null): value is Language => languages.some((language) => language === value);

/** What was chosen before; else the first of the browser's languages that there is. */
export function preferredLanguage(chosen: string | null, browser: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen;
  for (const tag of browser) {
    const language = languages.find((known) => tag.toLowerCase() === known || tag.toLowerCase().startsWith(`${known}-`));
    if (language) return language;
  }
  return 'en';
}
