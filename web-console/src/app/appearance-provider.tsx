import { ConfigProvider, type ConfigProviderProps } from 'antd';
import type { i18n } from 'i18next';
import { useCallback, useEffect, useLayoutEffect, useMemo, useState, type ReactNode } from 'react';
import { localeOf, type Language } from '../i18n/languages.ts';
import { ServerTextProvider } from '../i18n/server/server-text-provider.tsx';
import { NoticesProvider } from '../ui/notices.tsx';
import { readAppearance, rememberAppearance, type Appearance } from './appearance.ts';
import { AppearanceContext, type AppearanceControl } from './appearance-context.ts';
import { setCustomProperties, themeOf } from './theme.ts';
import { useMedia } from './use-media.ts';

type AntLocale = NonNullable<ConfigProviderProps['locale']>;

const antLocales: Record<Language, () => Promise<{ default: AntLocale }>> = {
  en: () => import('antd/locale/en_GB'),
  zh: () => import('antd/locale/zh_CN'),
};

/** A language with everything that it takes. */
export const loadAntLocale = async (language: Language): Promise<AntLocale> => (await antLocales[language]()).default;

const storage = (): Storage => window.localStorage;
export const appearanceAtStart = (): Appearance => readAppearance(storage, navigator.languages);

interface Properties {
  i18n: i18n;
  first: Appearance;
  firstLocale: AntLocale;
  nonce: string;
  children: ReactNode;
}

export function AppearanceProvider({ i18n, first, firstLocale, nonce, children }: Properties) {
  const [appearance, setAppearance] = useState(first);
  const [locale, setLocale] = useState(firstLocale);
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  const reducedMotion = useMedia('(prefers-reduced-motion: reduce)');
  const dark = appearance.theme === 'dark' || (appearance.theme === 'system' && systemDark);

  const change = useCallback((wanted: Partial<Appearance>) => setAppearance((before) => ({ ...before, ...wanted })), []);

  useEffect(() => {
    rememberAppearance(storage, appearance);
  }, [appearance]);

  useEffect(() => {
    let over = false;
    const { language } = appearance;
    const load = async (): Promise<void> => {
      const next = await loadAntLocale(language);
      await i18n.changeLanguage(language);
      if (over) return;
      setLocale(next);
      document.documentElement.lang = localeOf[language];
    };
    void load();
    return () => {
      over = true;
    };
  }, [appearance, i18n]);

  useLayoutEffect(() => setCustomProperties(document.documentElement.style, dark), [dark]);

  const control = useMemo<AppearanceControl>(() => ({ ...appearance, dark, change }), [appearance, dark, change]);
  const theme = useMemo(() => themeOf(dark, reducedMotion), [dark, reducedMotion]);
  return (
    <AppearanceContext value={control}>
      <ConfigProvider theme={theme} locale={locale} csp={{ nonce }} button={{ autoInsertSpace: false }} componentSize="middle">
        <ServerTextProvider language={appearance.language}>
          <NoticesProvider>{children}</NoticesProvider>
        </ServerTextProvider>
      </ConfigProvider>
    </AppearanceContext>
  );
}
