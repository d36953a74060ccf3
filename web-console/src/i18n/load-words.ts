import type { ConfigProviderProps } from 'antd';
import type { Language } from './languages.ts';

/** All words of a language. */
export interface Words {
  /** By the path of their file. */
  texts: Record<string, Record<string, unknown>>;
  /** Those of Ant Design's own. */
  antLocale: NonNullable<ConfigProviderProps['locale']>;
}

const words: Record<Language, () => Promise<Words>> = { en: () => import('./en.ts'), zh: () => import('./zh.ts') };

/** In one file for each language: they are small, and no screen waits for its own. */
export const loadWords = (language: Language): Promise<Words> => words[language]();
