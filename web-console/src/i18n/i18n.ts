import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { localeOf, type Language } from './languages.ts';
import { loadWords } from './load-words.ts';

const namespaceOf = (path: string): string => path.replace(/^.*\/|\.json$/g, '');

export async function createI18n(language: Language): Promise<i18n> {
  const instance = createInstance();
  const { texts } = await loadWords(language);
  await instance
    .use({
      type: 'backend',
      read: async (wanted: Language, namespace: string) => {
        const found = (await loadWords(wanted)).texts[`./${wanted}/${namespace}.json`];
        if (!found) throw new Error(`there are no texts ${wanted}/${namespace}`);
        return found;
      },
    })
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: false,
      ns: Object.keys(texts).map(namespaceOf),
      defaultNS: 'common',
      load: 'currentOnly',
      // React escapes.
      interpolation: { escapeValue: false },
      react: { useSuspense: true },
    });
  document.documentElement.lang = localeOf[language];
  return instance;
}
