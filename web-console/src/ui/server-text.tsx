import { use, useMemo } from 'react';
import { useAppearance } from '../app/appearance-context.ts';
import { localeOf } from '../i18n/languages.ts';
import { ServerTextContext } from '../i18n/server/server-text-context.ts';

/** What the server says in words: in the reader's language as far as that is known, else as it says it. */
export function ServerText({ text, className }: { text: string; className?: string | undefined }) {
  const read = use(ServerTextContext);
  const { language } = useAppearance();
  const parts = useMemo(() => read?.(text), [read, text]);
  if (!parts) return <bdi lang="en" className={className}>{text}</bdi>;
  return (
    <bdi lang={localeOf[language]} className={className}>
      {parts.map((part, place) => (part.known ? part.text : <bdi key={`${place} ${part.text}`} lang="en">{part.text}</bdi>))}
    </bdi>
  );
}
