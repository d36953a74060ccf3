import { lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../ui/code-block.tsx';
import { Page } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';
import { curlExample, streamExample, typescriptExample } from './examples.ts';
import { Playground } from './playground.tsx';
import css from './api.module.css';

const SchemaBrowser = lazy(() => import('./schema-browser.tsx').then(({ SchemaBrowser }) => ({ default: SchemaBrowser })));

/** For who writes programs: how to ask, what there is to ask, and a place to try. */
export function Api() {
  const { t } = useTranslation('api');
  const { origin } = window.location;
  const examples = [
    { name: 'curl', text: curlExample(origin) },
    { name: 'stream', text: streamExample(origin) },
    { name: 'typescript', text: typescriptExample(origin) },
  ] as const;
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Playground />
      <Panel title={t('schema')}>
        <SchemaBrowser />
      </Panel>
      <Panel title={t('examples')}>
        <p className={css.note}>{t('tokenWhere')}</p>
        {examples.map(({ name, text }) => (
          <div key={name} className={css.example}>
            <h3>{t(`example.${name}`)}</h3>
            <CodeBlock text={text} what={t(`example.${name}`)} />
          </div>
        ))}
      </Panel>
    </Page>
  );
}
