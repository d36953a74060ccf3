import { Segmented, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GraphQLClient, Heard } from '../graphql/client.ts';
import { ChannelActivityDocument, type ChannelActivityQuery } from '../graphql/generated/graphql.ts';
import { sleep } from '../graphql/pause.ts';
import { useFollowed } from '../graphql/use-live.ts';
import { useFormat } from '../i18n/use-format.ts';
import { Facts } from '../ui/facts.tsx';
import { LivePart } from '../ui/panel.tsx';
import { ActivityChart } from './activity-chart.tsx';
import { ActivityTable } from './activity-table.tsx';
import { rangeNames, ranges, type Range } from './ranges.ts';
import css from './activity.module.css';

type ChannelActivity = ChannelActivityQuery['channel'];

const refreshMs = 10_000;

/** The last hour, day …, again and again: what "last" is moves with each look. */
async function* lookedAgain(client: GraphQLClient, { id, range }: { id: string; range: Range }, signal: AbortSignal): AsyncGenerator<Heard<ChannelActivity>, void> {
  const { ms, buckets } = ranges[range];
  while (!signal.aborted) {
    const { channel } = await client.request(ChannelActivityDocument, { id, buckets, since: new Date(Date.now() - ms).toISOString() }, signal);
    yield { data: channel };
    await sleep(refreshMs, signal);
  }
}

function Figures({ activity, height }: { activity: ChannelActivity; height: number | null }) {
  const { t } = useTranslation('activity');
  const format = useFormat();
  const [whole] = activity.whole;
  const latency = whole?.medianCommitLatencyMs ?? null;
  return (
    <Facts
      facts={[
        { term: t('height'), value: height === null ? '–' : format.number(height) },
        { term: t('transactions'), value: format.number(whole?.transactions ?? 0) },
        { term: t('blocks'), value: format.number(whole?.blocks ?? 0) },
        { term: t('invalid'), value: format.number(whole?.invalid ?? 0) },
        { term: t('latency'), value: latency === null ? t('noLatency') : t('milliseconds', { time: format.number(Math.round(latency)) }) },
      ]}
    />
  );
}

interface Properties {
  channels: readonly { readonly id: string; readonly name: string; readonly height: number | null }[];
}

/** What happened on a channel lately: figures, a chart, and the same as a table. */
export function Activity({ channels }: Properties) {
  const { t } = useTranslation('activity');
  const [range, setRange] = useState<Range>('day');
  const [chosen, setChosen] = useState<string>();
  const channel = channels.find(({ id }) => id === chosen) ?? channels[0];
  const id = channel?.id ?? '';
  const live = useFollowed<ChannelActivity>({
    key: `activity ${id} ${range}`,
    skip: channel === undefined,
    isLast: () => false,
    source: (client, signal) => lookedAgain(client, { id, range }, signal),
  });
  if (!channel) return null;
  return (
    <>
      <div className={css.bar}>
        <Segmented<Range> aria-label={t('range')} value={range} onChange={setRange} options={rangeNames.map((name) => ({ value: name, label: t(`rangeOf.${name}`) }))} />
        {channels.length > 1 && (
          <Select className={css.channel ?? ''} aria-label={t('channel')} value={id} onChange={setChosen} options={channels.map(({ id: value, name }) => ({ value, label: name }))} />
        )}
      </div>
      <LivePart live={live} waiting={t('waiting')}>
        {(activity) => (
          <>
            <Figures activity={activity} height={channel.height} />
            <ActivityChart parts={activity.parts} label={t('chartLabel', { channel: channel.name })} />
            <ActivityTable parts={activity.parts} />
          </>
        )}
      </LivePart>
    </>
  );
}
