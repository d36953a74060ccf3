import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { Activity } from '../activity/activity.tsx';
import { channelsPath } from '../app/paths.ts';
import type { ConsortiumNow } from '../consortia/consortium-context.ts';
import { ConsortiumPage } from '../consortia/consortium-page.tsx';
import { ReadyStatus } from '../consortia/ready-status.tsx';
import { majorityOf, survivedLosses } from '../create-consortium/quorum.ts';
import { ChannelSettingsDocument } from '../graphql/generated/graphql.ts';
import { useQuery } from '../graphql/use-live.ts';
import { useFormat } from '../i18n/use-format.ts';
import { ledgerPath } from '../ledger/ledger-paths.ts';
import { ConditionList } from '../ui/condition-list.tsx';
import { Empty } from '../ui/empty.tsx';
import { Facts } from '../ui/facts.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { ChannelSettings } from './channel-settings.tsx';
import { ConfigHistory } from './config-history.tsx';
import { ConsenterTable } from './consenter-table.tsx';
import { ChannelMemberTable } from './channel-member-table.tsx';
import { PolicyTable } from './policy-table.tsx';

type ChannelNow = ConsortiumNow['channels'][number];

const refreshMs = 10_000;

function ChannelFacts({ consortium, channel }: { consortium: string; channel: ChannelNow }) {
  const { t } = useTranslation('channels');
  const format = useFormat();
  const { height, leader, configSequence, consenters } = channel;
  const count = consenters.length;
  return (
    <Facts
      facts={[
        { term: t('fact.state'), value: <ReadyStatus ready={channel.ready} /> },
        { term: t('fact.height'), value: height === null ? '–' : <>{format.number(height)} <Link to={ledgerPath({ consortium, channel: channel.name })}>{t('toLedger')}</Link></> },
        { term: t('fact.leader'), value: leader === null ? t('noLeader') : <Untrusted text={leader} /> },
        { term: t('fact.ordering'), value: t('quorum', { count, needed: majorityOf(count), losses: survivedLosses(count) }) },
        { term: t('fact.configSequence'), value: configSequence === null ? '–' : format.number(configSequence) },
      ]}
    />
  );
}

function Body({ consortium, channel }: { consortium: ConsortiumNow; channel: ChannelNow }) {
  const { t } = useTranslation('channels');
  const detail = useQuery(ChannelSettingsDocument, { id: channel.id }, { everyMs: refreshMs });
  const empty = { when: ({ channel: { settings } }: { channel: { settings: unknown } }) => settings === null, show: <Empty title={t('noBlock')} /> };
  return (
    <>
      <Panel title={t('now')}>
        <ChannelFacts consortium={consortium.name} channel={channel} />
        <LivePart live={detail} waiting={t('waiting')}>
          {(data) => <ConditionList conditions={data.channel.conditions} />}
        </LivePart>
      </Panel>
      <Panel title={t('activity')}>
        <Activity channels={[channel]} />
      </Panel>
      <Panel title={t('members')} flush>
        <ChannelMemberTable consortium={consortium} channel={channel} />
      </Panel>
      <Panel title={t('consenters')} flush>
        <ConsenterTable consortium={consortium} channel={channel} />
      </Panel>
      <Panel title={t('settings')}>
        <LivePart live={detail} waiting={t('waiting')} empty={empty}>
          {(data) => data.channel.settings && <ChannelSettings settings={data.channel.settings} />}
        </LivePart>
      </Panel>
      <Panel title={t('policies')} flush>
        <LivePart live={detail} waiting={t('waiting')} empty={empty}>
          {(data) => data.channel.settings && <PolicyTable policies={data.channel.settings.policies} />}
        </LivePart>
      </Panel>
      <Panel title={t('history')} flush>
        <ConfigHistory id={channel.id} sequence={channel.configSequence} />
      </Panel>
    </>
  );
}

export function Channel() {
  const { t } = useTranslation('channels');
  const { name: consortium = '', channel: wanted = '' } = useParams();
  return (
    <ConsortiumPage title={wanted} crumbs={[{ title: t('title'), to: channelsPath(consortium) }]}>
      {(known) => {
        const channel = known.channels.find(({ name }) => name === wanted);
        if (!channel) return <Empty title={t('gone')} action={<Link to={channelsPath(consortium)}>{t('toChannels')}</Link>}>{t('goneLead')}</Empty>;
        return <Body key={channel.id} consortium={known} channel={channel} />;
      }}
    </ConsortiumPage>
  );
}
