import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { CheckContractDocument, TemplateSourcesDocument, type TemplateSourcesQuery } from '../graphql/generated/graphql.ts';
import { dataOf } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { Copyable } from '../ui/copyable.tsx';
import { Empty } from '../ui/empty.tsx';
import { Facts } from '../ui/facts.tsx';
import { Field } from '../ui/field.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { Page } from '../ui/page.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { DeployTo } from './deploy-to.tsx';
import { StateDiagram } from './diagram/lazy-state-diagram.tsx';
import { readMetadata } from './metadata.ts';
import { OperationTable } from './operation-table.tsx';
import { deployPath, soughtFor, sourcePath } from './paths.ts';
import css from './contracts.module.css';

type Template = TemplateSourcesQuery['templates'][number];

/** What a version is, as its code itself says. */
function Version({ version }: { version: Template['versions'][number] }) {
  const { t } = useTranslation('contracts');
  const live = useQuery(CheckContractDocument, { input: { source: version.source } });
  const metadata = readMetadata(dataOf(live)?.checkContract.metadata);
  return (
    <LivePart live={live} waiting={t('templates.building')}>
      {({ checkContract: { digest } }) => (
        <>
          <Facts
            facts={[
              { term: t('digest'), value: digest === null ? '–' : <Copyable text={digest} what={t('digest')} /> },
              { term: t('templates.files'), value: version.source.files.length },
            ]}
          />
          <h3>{t('states.title')}</h3>
          {metadata ? <StateDiagram metadata={metadata} /> : <p>{t('noMetadata')}</p>}
          {metadata && (
            <details className={css.apart}>
              <summary>{t('operations.title')}</summary>
              <OperationTable metadata={metadata} />
            </details>
          )}
        </>
      )}
    </LivePart>
  );
}

function TemplateCard({ template }: { template: Template }) {
  const { t } = useTranslation('contracts');
  const [chosen, setChosen] = useState(template.versions[0]?.version ?? '');
  const version = template.versions.find((candidate) => candidate.version === chosen);
  const [search] = useSearchParams();
  const origin = { template: template.id, version: chosen };
  return (
    <Panel title={<span lang="en"><bdi>{template.title}</bdi></span>}>
      <p className={css.lead} lang="en">
        {template.description}
      </p>
      <div className={css.fields}>
        <Field label={t('version')} hint={<span lang="en">{version?.description}</span>}>
          {({ id, 'aria-describedby': describedBy }) => <Select id={id} aria-describedby={describedBy} value={chosen} onChange={setChosen} options={template.versions.map((each) => ({ value: each.version, label: each.version }))} />}
        </Field>
        <DeployTo pathOf={(consortium) => deployPath(consortium, origin)} />
        <Field label={t('templates.own')} group hint={t('templates.ownHint')}>
          {() => <LinkButton to={sourcePath({ kind: 'template', ...origin }, soughtFor(search))}>{t('templates.startFrom')}</LinkButton>}
        </Field>
      </div>
      {version && <Version key={chosen} version={version} />}
    </Panel>
  );
}

export function TemplateList() {
  const { t } = useTranslation('contracts');
  const [search] = useSearchParams();
  const live = useQuery(TemplateSourcesDocument, {});
  const fresh = <LinkButton to={sourcePath({ kind: 'new' }, soughtFor(search))}>{t('templates.new')}</LinkButton>;
  return (
    <Page title={t('templates.title')} lead={t('templates.lead')} actions={fresh}>
      <LivePart live={live} waiting={t('templates.waiting')} empty={{ when: ({ templates }) => templates.length === 0, show: <Empty title={t('templates.none')} /> }}>
        {({ templates }) => templates.map((template) => <TemplateCard key={template.id} template={template} />)}
      </LivePart>
    </Page>
  );
}
