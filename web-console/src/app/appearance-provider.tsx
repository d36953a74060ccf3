import { SearchOutlined } from '@ant-design/icons';
import { ConfigProvider } from 'antd';
import type { i18n } from 'i18next';
import { useCallback, useEffect, useLayoutEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { localeOf } from '../i18n/languages.ts';
import { loadWords, type Words } from '../i18n/load-words.ts';
import { ServerTextProvider } from '../i18n/server/server-text-provider.tsx';
import { NoticesProvider } from '../ui/notices.tsx';
import { rememberAppearance, storage, type Appearance } from './appearance.ts';
import { AppearanceContext, type AppearanceControl } from './appearance-context.ts';
import { setCustomProperties, themeOf } from './theme.ts';
import { useMedia } from './use-media.ts';

interface Properties {
  i18n: i18n;
  first: Appearance;
  firstLocale: Words['antLocale'];
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
      const { antLocale } = await loadWords(language);
      await i18n.changeLanguage(language);
      if (over) return;
      setLocale(antLocale);
      document.documentElement.lang = localeOf[language];
    };
    void load();
    return () => {
      over = true;
    };
  }, [appearance, i18n]);

  useLayoutEffect(() => setCustomProperties(document.documentElement.style, dark), [dark]);

  const control = useMemo<AppearanceControl>(() => ({ ...appearance, dark, change }), [appearance, dark, change]);
  const { t } = useTranslation();
  const search = t('search');
  // The button's only name, which Ant Design gives in English.
  const inputSearch = useMemo(() => ({ searchIcon: <SearchOutlined aria-label={search} /> }), [search]);
  const theme = useMemo(() => themeOf(dark, reducedMotion), [dark, reducedMotion]);
  return (
    <AppearanceContext value={control}>
      <ConfigProvider theme={theme} locale={locale} csp={{ nonce }} button={{ autoInsertSpace: false }} inputSearch={inputSearch} componentSize="middle">
        <ServerTextProvider language={appearance.language}>
          <NoticesProvider>{children}</NoticesProvider>
        </ServerTextProvider>
      </ConfigProvider>
    </AppearanceContext>
  );
}
