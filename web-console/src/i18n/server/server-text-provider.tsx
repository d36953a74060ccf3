import { useEffect, useState, type ReactNode } from 'react';
import { keepTrying } from '../../app/keep-trying.ts';
import type { Language } from '../languages.ts';
import { ServerTextContext } from './server-text-context.ts';
import type { ServerText } from './server-text.ts';

const loads: Record<Language, (() => Promise<ServerText>) | undefined> = {
  en: undefined,
  zh: async () => (await import('./zh.ts')).serverText,
};

/** The first screen does not wait for it: until it has come, what the server says is in English. */
export function ServerTextProvider({ language, children }: { language: Language; children: ReactNode }) {
  const [loaded, setLoaded] = useState<{ language: Language; read: ServerText }>();

  useEffect(() => {
    const load = loads[language];
    if (!load) return undefined;
    const over = new AbortController();
    const show = async (): Promise<void> => {
      const read = await keepTrying(load, { signal: over.signal });
      if (read) setLoaded({ language, read });
    };
    void show();
    return () => over.abort();
  }, [language]);

  return <ServerTextContext value={loaded?.language === language ? loaded.read : undefined}>{children}</ServerTextContext>;
}
