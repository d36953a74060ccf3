import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Activity } from '../activity/activity.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { Explained } from '../ui/explained.tsx';
import { Facts } from '../ui/facts.tsx';
import { Moment } from '../ui/moment.tsx';
import { Page } from '../ui/page.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { useConsortium, type ConsortiumNow } from './consortium-context.ts';
import { ChannelTable } from './channel-table.tsx';
import { ContractTable } from './contract-table.tsx';
import { DeleteConsortium } from './delete-consortium.tsx';
import { HealthSentence } from './health-sentence.tsx';
import { MemberTable } from './member-table.tsx';
import { NodeTable } from './node-table.tsx';

function Figures({ consortium }: { consortium: ConsortiumNow }) {
  const { t } = useTranslation('consortium');
  const format = useFormat();
  const ready = consortium.nodes.filter((node) => node.ready).length;
  const blocks = consortium.channels.reduce((sum, { height }) => sum + (height ?? 0), 0);
  const { profile } = consortium;
  return (
    <Facts
      facts={[
        { term: t('nodesReady'), value: t('readyOf', { ready, all: consortium.nodes.length }) },
        { term: t('blocks'), value: format.number(blocks) },
        { term: t('profile'), value: profile === 'sandbox' || profile === 'production' ? t(`profileName.${profile}`) : '–' },
        { term: t('created'), value: <Moment at={consortium.createdAt} /> },
        { term: t('createdBy'), value: <Untrusted text={consortium.createdBy} /> },
      ]}
    />
  );
}

function Body({ consortium }: { consortium: ConsortiumNow }) {
  const { t } = useTranslation('consortium');
  return (
    <>
      <Panel title={t('now')} extra={<Link to={`/operations?consortium=${encodeURIComponent(consortium.name)}`}>{t('operations')}</Link>}>
        <Figures consortium={consortium} />
      </Panel>
      {consortium.channels.length > 0 && (
        <Panel title={t('activity')}>
          <Activity channels={consortium.channels} />
        </Panel>
      )}
      <Panel title={t('members')} flush>
        <MemberTable consortium={consortium} />
      </Panel>
      <Panel title={t('nodes')} flush>
        <NodeTable consortium={consortium.name} nodes={consortium.nodes} />
      </Panel>
      <Panel title={t('channels')} flush>
        <ChannelTable consortium={consortium.name} channels={consortium.channels} />
      </Panel>
      <Panel title={t('contracts')} flush>
        <ContractTable consortium={consortium.name} contracts={consortium.contracts} />
      </Panel>
    </>
  );
}

export function Overview() {
  const { t } = useTranslation('consortium');
  const live = useConsortium();
  const [deleting, setDeleting] = useState(false);
  const consortium = live.state === 'live' || live.state === 'stale' ? live.data : undefined;
  if (!consortium) return null;
  const why = consortium.state === 'deleting' ? t('whyNoDelete.deleting') : consortium.state === 'deleted' ? t('whyNoDelete.deleted') : undefined;
  return (
    <Page
      title={consortium.name}
      crumbs={[{ title: t('home'), to: '/' }]}
      lead={<HealthSentence consortium={consortium} />}
      actions={
        <Explained why={why} danger onClick={() => setDeleting(true)}>
          {t('delete')}
        </Explained>
      }
    >
      <LivePart live={live} waiting={t('waiting')}>
        {(data) => <Body consortium={data} />}
      </LivePart>
      {deleting && <DeleteConsortium name={consortium.name} kept={consortium.state === 'kept'} onClose={() => setDeleting(false)} />}
    </Page>
  );
}
