import { use, useMemo } from 'react';
import { useAppearance } from '../app/appearance-context.ts';
import { localeOf } from '../i18n/languages.ts';
import { ServerTextContext } from '../i18n/server/server-text-context.ts';
import { saidAt } from './said-at.ts';

interface Properties {
  text: string;
  /** The path of the value that it is about, when it stands where that is entered. */
  place?: string | undefined;
  className?: string | undefined;
}

/** What the server says in words: in the reader's language as far as that is known, else as it says it. */
export function ServerText({ text, place, className }: Properties) {
  const read = use(ServerTextContext);
  const { language } = useAppearance();
  const parts = useMemo(() => saidAt(place, text, read), [read, text, place]);
  if (parts.every(({ known }) => !known)) return <bdi lang="en" className={className}>{parts.map((part) => part.text).join('')}</bdi>;
  return (
    <bdi lang={localeOf[language]} className={className}>
      {parts.map((part, index) => (part.known ? part.text : <bdi key={`${index} ${part.text}`} lang="en">{part.text}</bdi>))}
    </bdi>
  );
}
