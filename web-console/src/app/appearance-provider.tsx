import { App as AntApp, ConfigProvider, type ConfigProviderProps } from 'antd';
import type { i18n } from 'i18next';
import { useCallback, useEffect, useLayoutEffect, useMemo, useState, type ReactNode } from 'react';
import { localeOf, type Language } from '../i18n/languages.ts';
import { loadServerText, ServerTextContext } from '../i18n/server/server-text-context.ts';
import type { ServerText } from '../i18n/server/server-text.ts';
import { readAppearance, rememberAppearance, type Appearance } from './appearance.ts';
import { AppearanceContext, type AppearanceControl } from './appearance-context.ts';
import { setCustomProperties, themeOf } from './theme.ts';
import { useMedia } from './use-media.ts';

type AntLocale = NonNullable<ConfigProviderProps['locale']>;

const antLocales: Record<Language, () => Promise<{ default: AntLocale }>> = {
  en: () => import('antd/locale/en_GB'),
  zh: () => import('antd/locale/zh_CN'),
};

/** What a language takes beside the texts of the screens. */
export interface LanguageParts {
  ant: AntLocale;
  serverText: ServerText | undefined;
}

export async function loadLanguageParts(language: Language): Promise<LanguageParts> {
  const [{ default: ant }, serverText] = await Promise.all([antLocales[language](), loadServerText[language]()]);
  return { ant, serverText };
}

const storage = (): Storage => window.localStorage;
export const appearanceAtStart = (): Appearance => readAppearance(storage, navigator.languages);

interface Properties {
  i18n: i18n;
  first: Appearance;
  firstParts: LanguageParts;
  nonce: string;
  children: ReactNode;
}

export function AppearanceProvider({ i18n, first, firstParts, nonce, children }: Properties) {
  const [appearance, setAppearance] = useState(first);
  const [parts, setParts] = useState(firstParts);
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
      const next = await loadLanguageParts(language);
      await i18n.changeLanguage(language);
      if (over) return;
      setParts(next);
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
      <ConfigProvider theme={theme} locale={parts.ant} csp={{ nonce }} button={{ autoInsertSpace: false }} componentSize="middle">
        <AntApp component={false}>
          <ServerTextContext value={parts.serverText}>{children}</ServerTextContext>
        </AntApp>
      </ConfigProvider>
    </AppearanceContext>
  );
}
