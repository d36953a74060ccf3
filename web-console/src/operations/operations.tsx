import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { consortiumPath, operationPath } from '../app/paths.ts';
import { ConsortiumNamesDocument, OperationsDocument, type OperationsQuery } from '../graphql/generated/graphql.ts';
import { dataOf } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Empty } from '../ui/empty.tsx';
import { Elapsed, Moment } from '../ui/moment.tsx';
import { Page } from '../ui/page.tsx';
import { Pager } from '../ui/pager.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { useCursorPages } from '../ui/use-cursor-pages.ts';
import { Untrusted } from '../ui/untrusted.tsx';
import { useClearing } from '../ui/use-clearing.tsx';
import { OperationStatus } from './operation-status.tsx';
import { useOperationWords } from './operation-words.ts';
import css from './operations.module.css';

type Row = OperationsQuery['operations']['edges'][number]['node'];

const refreshMs = 5000;
const pageSize = 20;

function useColumns(): Column<Row>[] {
  const { t } = useTranslation('operations');
  const words = useOperationWords();
  return [
    { key: 'state', title: t('column.state'), show: ({ state }) => <OperationStatus state={state} /> },
    { key: 'what', title: t('column.what'), show: ({ id, kind }) => <Link to={operationPath(id)}>{words.kind(kind)}</Link> },
    { key: 'consortium', title: t('column.consortium'), show: ({ consortium }) => <Link to={consortiumPath(consortium)}><Untrusted text={consortium} /></Link> },
    {
      key: 'steps',
      title: t('column.steps'),
      show: ({ steps }) => t('stepsDone', { done: steps.filter(({ state }) => state === 'succeeded').length, all: steps.length }),
      number: true,
    },
    { key: 'begun', title: t('column.begun'), show: ({ createdAt }) => <Moment at={createdAt} /> },
    { key: 'took', title: t('column.took'), show: ({ createdAt, finishedAt }) => <Elapsed from={createdAt} to={finishedAt} />, number: true },
    { key: 'actor', title: t('column.actor'), show: ({ actor }) => <Untrusted text={actor} /> },
  ];
}

/** What is running and what ran, newest first. */
export function Operations() {
  const { t } = useTranslation('operations');
  const clearing = useClearing();
  const [search, setSearch] = useSearchParams();
  const consortium = search.get('consortium') ?? undefined;
  const pages = useCursorPages(consortium ?? '');
  const live = useQuery(OperationsDocument, { first: pageSize, ...(consortium === undefined ? {} : { consortium }), ...(pages.after === undefined ? {} : { after: pages.after }) }, { everyMs: refreshMs });
  const names = dataOf(useQuery(ConsortiumNamesDocument, { first: 100 }))?.consortia.edges.map(({ node }) => node.name) ?? [];
  const columns = useColumns();
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Panel
        title={t('list')}
        flush
        extra={
          <Select
            className={css.filter ?? ''}
            aria-label={t('filter')}
            placeholder={t('filter')}
            allowClear={clearing}
            showSearch
            value={consortium ?? null}
            options={names.map((name) => ({ value: name, label: name }))}
            onChange={(name: string | undefined) => setSearch(name ? { consortium: name } : {})}
          />
        }
      >
        <LivePart live={live} waiting={t('waiting')} empty={{ when: ({ operations }) => operations.edges.length === 0, show: <Empty title={t('empty')}>{t('emptyLead')}</Empty> }}>
          {({ operations }) => (
            <>
              <DataTable caption={t('list')} columns={columns} rows={operations.edges.map(({ node }) => node)} keyOf={({ id }) => id} />
              <Pager pages={pages} info={operations.pageInfo} />
            </>
          )}
        </LivePart>
      </Panel>
    </Page>
  );
}
