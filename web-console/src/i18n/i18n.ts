import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { localeOf, type Language } from './languages.ts';

/** A file for each language and screen, loaded with the screen. */
const texts = import.meta.glob<Record<string, unknown>>('./*/*.json', { import: 'default' });

export async function createI18n(language: Language): Promise<i18n> {
  const instance = createInstance();
  await instance
    .use({
      type: 'backend',
      read: async (wanted: string, namespace: string) => {
        const load = texts[`./${wanted}/${namespace}.json`];
        if (!load) throw new Error(`there are no texts ${wanted}/${namespace}`);
        return load();
      },
    })
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: false,
      ns: ['common'],
      defaultNS: 'common',
      load: 'currentOnly',
      // React escapes.
      interpolation: { escapeValue: false },
      react: { useSuspense: true },
    });
  document.documentElement.lang = localeOf[language];
  return instance;
}
