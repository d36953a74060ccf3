import { Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/copy-button.tsx';
import { exampleLanguages, exampleOf, type Call, type ExampleLanguage } from './examples.ts';
import css from '../contracts.module.css';

const names = { curl: 'curl', typescript: 'TypeScript', graphql: 'GraphQL' } as const;

/** This call from elsewhere. */
export function Examples({ call, writes }: { call: Call; writes: boolean }) {
  const { t } = useTranslation('call');
  const [language, setLanguage] = useState<ExampleLanguage>('curl');
  const text = exampleOf(language, call, { writes, origin: window.location.origin });
  return (
    <>
      <p className={css.lead}>{t('examples.lead')}</p>
      <div className={css.files}>
        <Segmented aria-label={t('examples.language')} options={exampleLanguages.map((value) => ({ value, label: names[value] }))} value={language} onChange={setLanguage} />
        <CopyButton text={text} what={names[language]} />
      </div>
      <pre className={css.code} lang="en" dir="ltr" tabIndex={0} aria-label={names[language]}>
        {text}
      </pre>
    </>
  );
}
