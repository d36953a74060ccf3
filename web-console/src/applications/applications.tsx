import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { consortiumPath } from '../app/paths.ts';
import { useConsortium, type ConsortiumNow } from '../consortia/consortium-context.ts';
import { ClientIdentitiesDocument, type ClientIdentitiesQuery } from '../graphql/generated/graphql.ts';
import { dataOf, mapLive } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { useFormat } from '../i18n/use-format.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { download } from '../ui/download.ts';
import { Empty } from '../ui/empty.tsx';
import { Moment } from '../ui/moment.tsx';
import { Page } from '../ui/page.tsx';
import { Pager } from '../ui/pager.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { Status } from '../ui/status.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { useCursorPages } from '../ui/use-cursor-pages.ts';
import { Connection } from './connection.tsx';
import { CreateIdentity, type Created } from './create-identity.tsx';
import { CreatedIdentity } from './created-identity.tsx';
import { expiryOf } from './expiry.ts';
import { tarOf } from './tar.ts';
import css from './applications.module.css';

type Identity = ClientIdentitiesQuery['clientIdentities']['edges'][number]['node'];
type Member = ConsortiumNow['members'][number];

const pageSize = 20;

function Expiry({ notAfter }: { notAfter: string }) {
  const { t } = useTranslation('applications');
  const { tone, days } = expiryOf(notAfter, new Date());
  return (
    <>
      <Status tone={tone}>{days < 0 ? t('expired') : t('daysLeft', { count: days })}</Status> <Moment at={notAfter} />
    </>
  );
}

function Identities({ consortium, member, round }: { consortium: string; member: string; round: number }) {
  const { t } = useTranslation('applications');
  const format = useFormat();
  const pages = useCursorPages(`${consortium} ${member} ${round}`);
  const variables = { consortium, member, first: pageSize, ...(pages.after === undefined ? {} : { after: pages.after }) };
  const live = mapLive(useQuery(ClientIdentitiesDocument, variables, { everyMs: 10_000 }), ({ clientIdentities }) => clientIdentities);
  const folder = ({ name, mspFolder }: Identity): void =>
    download(`${name}-msp.tar`, tarOf(mspFolder.map(({ path, text }) => ({ path: `msp/${path}`, text })), new Date()), 'application/x-tar');
  const columns: Column<Identity>[] = [
    { key: 'name', title: t('column.name'), show: ({ name }) => <Untrusted text={name} /> },
    { key: 'roles', title: t('column.roles'), show: ({ roles }) => (roles.length === 0 ? '–' : <Untrusted text={format.list(roles)} />) },
    { key: 'expiry', title: t('column.expiry'), show: ({ notAfter }) => <Expiry notAfter={notAfter} /> },
    { key: 'serial', title: t('column.serial'), show: ({ serial }) => <Untrusted text={serial} code /> },
    { key: 'created', title: t('column.created'), show: ({ createdAt, createdBy }) => <><Moment at={createdAt} /> {createdBy !== null && <Untrusted text={createdBy} />}</> },
    { key: 'files', title: t('column.files'), show: (row) => <Button size="small" onClick={() => folder(row)} aria-label={t('downloadOf', { name: row.name })}>{t('downloadFolder')}</Button> },
  ];
  return (
    <LivePart live={live} waiting={t('waiting')} empty={{ when: ({ edges }) => edges.length === 0 && pages.number === 1, show: <Empty title={t('empty')}>{t('emptyLead')}</Empty> }}>
      {({ edges, pageInfo }) => (
        <>
          <DataTable caption={t('identities')} columns={columns} rows={edges.map(({ node }) => node)} keyOf={({ id }) => id} />
          <Pager pages={pages} info={pageInfo} />
        </>
      )}
    </LivePart>
  );
}

function Body({ consortium, member }: { consortium: ConsortiumNow; member: Member }) {
  const { t } = useTranslation('applications');
  const [creating, setCreating] = useState(false);
  const [created, setCreated] = useState<Created>();
  const [round, setRound] = useState(0);
  return (
    <>
      {created && (
        <Panel title={t('createdTitle')}>
          <CreatedIdentity created={created} onDone={() => setCreated(undefined)} />
        </Panel>
      )}
      {creating && !created && (
        <Panel title={t('createTitle')}>
          <CreateIdentity
            consortium={consortium.name}
            member={member}
            onClose={() => setCreating(false)}
            onCreated={(made) => {
              setCreated(made);
              setCreating(false);
              setRound((count) => count + 1);
            }}
          />
        </Panel>
      )}
      <Panel title={t('identities')} flush extra={!creating && !created && <Button size="small" type="primary" onClick={() => setCreating(true)}>{t('createTitle')}</Button>}>
        <Identities key={round} consortium={consortium.name} member={member.name} round={round} />
      </Panel>
      <Connection consortium={consortium} member={member} />
    </>
  );
}

/** What programs of a member need to reach the ledger by themselves. */
export function Applications() {
  const { t } = useTranslation('applications');
  const { name = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const consortium = dataOf(useConsortium());
  const member = consortium?.members.find((each) => each.name === search.get('member')) ?? consortium?.members[0];
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      crumbs={[{ title: t('consortia'), to: '/' }, { title: name, to: consortiumPath(name) }]}
      actions={
        member && (
          <Select
            className={css.member ?? ''}
            aria-label={t('member')}
            value={member.name}
            options={consortium?.members.map((each) => ({ value: each.name, label: each.displayName ?? each.name })) ?? []}
            onChange={(wanted: string) => setSearch({ member: wanted })}
          />
        )
      }
    >
      {consortium && member ? <Body key={member.id} consortium={consortium} member={member} /> : <Empty title={t('noMember')} />}
    </Page>
  );
}
