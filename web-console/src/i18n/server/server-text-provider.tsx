import { useEffect, useState, type ReactNode } from 'react';
import type { Language } from '../languages.ts';
import { keepTrying, type Pause } from './keep-trying.ts';
import { ServerTextContext } from './server-text-context.ts';
import type { ServerText } from './server-text.ts';

const loads: Record<Language, (() => Promise<ServerText>) | undefined> = {
  en: undefined,
  zh: async () => (await import('./zh.ts')).serverText,
};

/** Half a minute, or until the browser is online again. */
const pause: Pause = (signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(go, 30_000);
    function go(): void {
      clearTimeout(timer);
      removeEventListener('online', go);
      signal.removeEventListener('abort', go);
      resolve();
    }
    addEventListener('online', go);
    signal.addEventListener('abort', go);
  });

/** The first screen does not wait for it: until it has come, what the server says is in English. */
export function ServerTextProvider({ language, children }: { language: Language; children: ReactNode }) {
  const [loaded, setLoaded] = useState<{ language: Language; read: ServerText }>();

  useEffect(() => {
    const load = loads[language];
    if (!load) return undefined;
    const over = new AbortController();
    const show = async (): Promise<void> => {
      const read = await keepTrying(load, { pause, signal: over.signal });
      if (read) setLoaded({ language, read });
    };
    void show();
    return () => over.abort();
  }, [language]);

  return <ServerTextContext value={loaded?.language === language ? loaded.read : undefined}>{children}</ServerTextContext>;
}
