import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { consortiumPath, operationPath } from '../app/paths.ts';
import { AuditDocument, ConsortiumNamesDocument, type AuditQuery } from '../graphql/generated/graphql.ts';
import { dataOf, mapLive } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Empty } from '../ui/empty.tsx';
import { Moment } from '../ui/moment.tsx';
import { Page } from '../ui/page.tsx';
import { Pager } from '../ui/pager.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { useCursorPages } from '../ui/use-cursor-pages.ts';
import { useClearing } from '../ui/use-clearing.tsx';
import css from './audit.module.css';

type Record = AuditQuery['audit'][number];

const pageSize = 50;
const refreshMs = 10_000;

/** They concern no consortium. */
const ofSessions: ReadonlySet<string> = new Set(['signIn', 'signOut']);

const knownActions = [
  'createConsortium', 'deleteConsortium', 'deployContract', 'upgradeContract', 'addNode', 'removeNode', 'changeNode', 'restartNode', 'createClientIdentity',
  'submitTransaction', 'consent', 'approve', 'reject', 'approveContract', 'retryOperation', 'cancelOperation', 'signIn', 'signOut',
] as const;

function useColumns(): Column<Record>[] {
  const { t } = useTranslation('audit');
  const actionOf = (action: string): string => {
    const known = knownActions.find((candidate) => candidate === action);
    return known ? t(`action.${known}`) : action;
  };
  return [
    { key: 'at', title: t('column.at'), show: ({ at }) => <Moment at={at} /> },
    { key: 'actor', title: t('column.actor'), show: ({ actor, delegatedFor }) => <><Untrusted text={actor} />{delegatedFor !== null && <div className={css.note}>{t('delegatedFor')} <Untrusted text={delegatedFor} /></div>}</> },
    {
      key: 'action',
      title: t('column.action'),
      show: ({ action, operationId }) => (operationId === null ? <Untrusted text={actionOf(action)} /> : <Link to={operationPath(operationId)}><Untrusted text={actionOf(action)} /></Link>),
    },
    { key: 'target', title: t('column.target'), show: ({ action, target }) => (ofSessions.has(action) ? '–' : <Link to={consortiumPath(target)}><Untrusted text={target} /></Link>) },
    { key: 'details', title: t('column.details'), show: ({ details }) => <bdi className={css.details}>{JSON.stringify(details)}</bdi> },
  ];
}

/** Who did what, newest first. */
export function Audit() {
  const { t } = useTranslation('audit');
  const clearing = useClearing();
  const [search, setSearch] = useSearchParams();
  const target = search.get('consortium') ?? undefined;
  const pages = useCursorPages(target ?? '');
  const isFirst = pages.after === undefined;
  // One more than is shown tells whether there are older ones.
  const variables = { first: pageSize + 1, ...(target === undefined ? {} : { target }), ...(isFirst ? {} : { before: pages.after }) };
  const live = mapLive(useQuery(AuditDocument, variables, isFirst ? { everyMs: refreshMs } : {}), ({ audit }) => audit);
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
            value={target ?? null}
            options={[...new Set(target === undefined ? names : [target, ...names])].map((name) => ({ value: name, label: name }))}
            onChange={(name: string | undefined) => setSearch(name ? { consortium: name } : {})}
          />
        }
      >
        <LivePart live={live} waiting={t('waiting')} empty={{ when: (records) => records.length === 0 && pages.number === 1, show: <Empty title={t('empty')}>{t('emptyLead')}</Empty> }}>
          {(records) => {
            const shown = records.slice(0, pageSize);
            return (
              <>
                <DataTable caption={t('list')} columns={columns} rows={shown} keyOf={({ id }) => id} />
                <Pager pages={pages} info={{ hasNextPage: records.length > pageSize, endCursor: shown.at(-1)?.id ?? null }} />
              </>
            );
          }}
        </LivePart>
      </Panel>
    </Page>
  );
}
