import { Button, Input, Segmented } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GraphQLClient, Heard } from '../graphql/client.ts';
import { NodeLogDocument, NodeLogLinesDocument } from '../graphql/generated/graphql.ts';
import { dataOf, mapLive } from '../graphql/live.ts';
import { useFollowed, useQuery } from '../graphql/use-live.ts';
import { LivePart } from '../ui/panel.tsx';
import { useClearing } from '../ui/use-clearing.tsx';
import { useSettled } from '../ui/use-settled.ts';
import { withLines, type NumberedLine } from './log-lines.ts';
import { LogList } from './log-list.tsx';
import css from './nodes.module.css';

const first = 200;
const kept = 1000;
const refreshMs = 5000;

/** The log so far, again whenever it grows. */
async function* growingLog(client: GraphQLClient, id: string, signal: AbortSignal): AsyncGenerator<Heard<readonly NumberedLine[]>, void> {
  let lines: readonly NumberedLine[] = [];
  for await (const heard of client.subscribe(NodeLogDocument, { id, lines: first }, signal)) {
    if (heard === 'alive') yield heard;
    else {
      lines = withLines(lines, heard.data.nodeLog, kept);
      yield { data: lines };
    }
  }
}

function FollowedLog({ id }: { id: string }) {
  const { t } = useTranslation('nodes');
  const live = useFollowed<readonly NumberedLine[]>({ key: `node log ${id}`, skip: false, isLast: () => false, source: (client, signal) => growingLog(client, id, signal) });
  const [held, setHeld] = useState<readonly NumberedLine[]>();
  const newest = dataOf(live);
  // Rendering a thousand lines must not hold up typing.
  const lines = useDeferredValue(held ?? newest ?? []);
  const missed = held && newest ? (newest.at(-1)?.number ?? -1) - (held.at(-1)?.number ?? -1) : 0;
  return (
    <>
      <div className={css.logBar}>
        <Button size="small" onClick={() => setHeld(held ? undefined : newest)}>
          {held ? t('log.follow') : t('log.pause')}
        </Button>
        <span role="status">{held ? t('log.paused', { count: Math.max(0, missed) }) : t('log.following')}</span>
      </div>
      <LivePart live={live} waiting={t('log.waiting')} empty={{ when: () => lines.length === 0, show: <p className={css.muted}>{t('log.empty')}</p> }}>
        {() => <LogList lines={lines} follow={!held} />}
      </LivePart>
    </>
  );
}

/** Lines that were asked for, and not followed: those that contain a text, those of the process before. */
function AskedLog({ id, search, previous }: { id: string; search: string; previous: boolean }) {
  const { t } = useTranslation('nodes');
  const live = useQuery(NodeLogLinesDocument, { id, lines: kept, previous, ...(search === '' ? {} : { search }) }, { everyMs: refreshMs });
  const lines = mapLive(live, ({ node }) => withLines([], node.log, kept));
  const none = search !== '' ? t('log.notFound') : t('log.noPrevious');
  return (
    <LivePart live={lines} waiting={t('log.waiting')} empty={{ when: (all) => all.length === 0, show: <p className={css.muted}>{none}</p> }}>
      {(all) => (
        <>
          <p className={css.muted} role="status">{t('log.found', { count: all.length })}</p>
          <LogList lines={all} follow={false} />
        </>
      )}
    </LivePart>
  );
}

/** What a node writes of itself. */
export function NodeLog({ id }: { id: string }) {
  const { t } = useTranslation('nodes');
  const clearing = useClearing();
  const [process, setProcess] = useState<'present' | 'previous'>('present');
  const [search, setSearch] = useState('');
  const settled = useSettled(search.trim());
  const isAsked = settled !== '' || process === 'previous';
  return (
    <>
      <div className={css.logBar}>
        <Segmented<'present' | 'previous'>
          aria-label={t('log.process')}
          value={process}
          onChange={setProcess}
          options={[
            { value: 'present', label: t('log.present') },
            { value: 'previous', label: t('log.previous') },
          ]}
        />
        <Input.Search className={css.logSearch ?? ''} aria-label={t('log.search')} placeholder={t('log.search')} allowClear={clearing} maxLength={200} value={search} onChange={(event) => setSearch(event.target.value)} />
      </div>
      {isAsked ? <AskedLog key={process} id={id} search={settled} previous={process === 'previous'} /> : <FollowedLog id={id} />}
    </>
  );
}
