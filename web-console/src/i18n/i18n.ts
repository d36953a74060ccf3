import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { localeOf, type Language } from './languages.ts';

const load: Record<Language, () => Promise<{ texts: Record<string, Record<string, unknown>> }>> = { en: () => import('./en.ts'), zh: () => import('./zh.ts') };

const namespaceOf = (path: string): string => path.replace(/^.*\/|\.json$/g, '');

export async function createI18n(language: Language): Promise<i18n> {
  const instance = createInstance();
  const { texts } = await load[language]();
  await instance
    .use({
      type: 'backend',
      read: async (wanted: Language, namespace: string) => {
        const { texts } = await load[wanted]();
        const found = texts[`./${wanted}/${namespace}.json`];
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
