import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { consortiumPath } from '../app/paths.ts';
import { HealthSentence } from '../consortia/health-sentence.tsx';
import { HomeDocument, type HomeQuery } from '../graphql/generated/graphql.ts';
import { useQuery } from '../graphql/use-live.ts';
import { useFormat } from '../i18n/use-format.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Empty } from '../ui/empty.tsx';
import { Moment } from '../ui/moment.tsx';
import { Page } from '../ui/page.tsx';
import { Pager } from '../ui/pager.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { useCursorPages } from '../ui/use-cursor-pages.ts';
import { Untrusted } from '../ui/untrusted.tsx';
import { firstPage } from './first-page.ts';

type Row = HomeQuery['consortia']['edges'][number]['node'];

/** There is no subscription for the list. */
const refreshMs = 3000;

function useColumns(): Column<Row>[] {
  const { t } = useTranslation('home');
  const format = useFormat();
  const profile = (name: string | null): string => (name === 'sandbox' || name === 'production' ? t(`profile.${name}`) : '–');
  return [
    { key: 'name', title: t('column.name'), show: ({ name }) => <Link to={consortiumPath(name)}><Untrusted text={name} /></Link> },
    { key: 'health', title: t('column.health'), show: (row) => <HealthSentence consortium={row} /> },
    { key: 'members', title: t('column.members'), show: ({ members }) => format.number(members.length), number: true },
    { key: 'nodes', title: t('column.nodes'), show: ({ nodes }) => t('readyOf', { ready: nodes.filter(({ ready }) => ready).length, all: nodes.length }), number: true },
    { key: 'channels', title: t('column.channels'), show: ({ channels }) => format.number(channels.length), number: true },
    { key: 'blocks', title: t('column.blocks'), show: ({ channels }) => format.number(channels.reduce((sum, { height }) => sum + (height ?? 0), 0)), number: true },
    { key: 'contracts', title: t('column.contracts'), show: ({ contracts }) => format.number(contracts.length), number: true },
    { key: 'profile', title: t('column.profile'), show: (row) => profile(row.profile) },
    { key: 'created', title: t('column.created'), show: ({ createdAt }) => <Moment at={createdAt} /> },
  ];
}

/** All consortia with how each is. */
export function Home() {
  const { t } = useTranslation('home');
  const navigate = useNavigate();
  const pages = useCursorPages('consortia');
  const live = useQuery(HomeDocument, pages.after === undefined ? firstPage : { ...firstPage, after: pages.after }, { everyMs: refreshMs });
  const columns = useColumns();
  const create = (
    <Button type="primary" onClick={() => void navigate('/create')}>
      {t('create')}
    </Button>
  );
  return (
    <Page title={t('title')} lead={t('lead')} actions={create}>
      <Panel title={t('list')} flush>
        <LivePart
          live={live}
          waiting={t('waiting')}
          empty={{ when: ({ consortia }) => consortia.edges.length === 0 && pages.number === 1, show: <Empty title={t('empty')} action={create}>{t('emptyLead')}</Empty> }}
        >
          {({ consortia }) => (
            <>
              <DataTable caption={t('list')} columns={columns} rows={consortia.edges.map(({ node }) => node)} keyOf={({ id }) => id} />
              <Pager pages={pages} info={consortia.pageInfo} />
            </>
          )}
        </LivePart>
      </Panel>
    </Page>
  );
}
