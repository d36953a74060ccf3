import { createContext } from 'react';
import type { ServerText } from './server-text.ts';
import type { Language } from '../languages.ts';

/** Undefined for who reads English, which is what the server says. */
export const loadServerText: Record<Language, () => Promise<ServerText | undefined>> = {
  en: () => Promise.resolve(undefined),
  zh: async () => (await import('./zh.ts')).serverText,
};

export const ServerTextContext = createContext<ServerText | undefined>(undefined);
