import { Button, InputNumber } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { LedgerBlocksDocument, type BlockLineFragment } from '../graphql/generated/graphql.ts';
import { dataOf, mapLive } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { useFormat } from '../i18n/use-format.ts';
import { Empty } from '../ui/empty.tsx';
import { Explained } from '../ui/explained.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { BlockTable } from './block-table.tsx';
import { blocksOfPage, olderPage, newerPage, pageOf, pageSize } from './block-pages.ts';
import { LedgerPage } from './ledger-page.tsx';
import type { Ledger } from './use-ledger.ts';
import { useNewestBlocks } from './use-newest-blocks.ts';
import { useScrolledDown } from './use-scrolled-down.ts';
import uiCss from '../ui/ui.module.css';
import css from './ledger.module.css';

/** The newest blocks as they come. While somebody reads further down or has paused them, they wait and are counted. */
function NewestBlocks({ ledger, paused, onGoOn }: { ledger: Ledger; paused: boolean; onGoOn: () => void }) {
  const { t } = useTranslation('ledger');
  const live = useNewestBlocks(ledger, false);
  const scrolledDown = useScrolledDown();
  const held = useRef<readonly BlockLineFragment[]>(undefined);
  const waits = paused || scrolledDown;
  const blocks = dataOf(live);
  if (!waits || !held.current?.length) held.current = blocks;
  const shown = held.current;
  const waiting = (blocks?.[0]?.number ?? 0) - (shown?.[0]?.number ?? 0);
  return (
    <LivePart live={live} waiting={t('waitingBlocks')} empty={{ when: (data) => data.length === 0, show: <Empty title={t('noBlocks')}>{t('noBlocksLead')}</Empty> }}>
      {() => (
        <>
          <div role="status">
            {waits && waiting > 0 && (
              <div className={css.news}>
                <Button size="small" onClick={() => { window.scrollTo({ top: 0 }); onGoOn(); }}>
                  {t('newBlocks', { count: waiting })}
                </Button>
              </div>
            )}
          </div>
          <BlockTable place={ledger} blocks={(shown ?? []).slice(0, pageSize)} />
        </>
      )}
    </LivePart>
  );
}

/** The blocks from one number down. */
function OlderBlocks({ ledger, from }: { ledger: Ledger; from: number }) {
  const { t } = useTranslation('ledger');
  const live = mapLive(useQuery(LedgerBlocksDocument, blocksOfPage(ledger.channelId, from)), ({ channel }) => channel.blocks.edges.map(({ node }) => node));
  return (
    <LivePart live={live} waiting={t('waitingBlocks')} empty={{ when: (data) => data.length === 0, show: <Empty title={t('noBlocksHere')}>{t('noBlocksHereLead')}</Empty> }}>
      {(blocks) => <BlockTable place={ledger} blocks={blocks} />}
    </LivePart>
  );
}

function BlockPager({ ledger, from, go }: { ledger: Ledger; from: number | undefined; go: (from: number | undefined) => void }) {
  const { t } = useTranslation('ledger');
  const newest = (ledger.height ?? 1) - 1;
  const older = olderPage(from, newest);
  const isNewest = from === undefined ? t('pages.isNewest') : undefined;
  const isFirst = older === undefined ? t('pages.isFirst') : undefined;
  return (
    <nav className={uiCss.pager} aria-label={t('pages.label')}>
      <Explained size="small" why={isNewest} onClick={() => go(undefined)}>
        {t('pages.newest')}
      </Explained>
      <Explained size="small" why={isNewest} onClick={() => go(from === undefined ? undefined : newerPage(from, newest))}>
        {t('pages.newer')}
      </Explained>
      <Explained size="small" why={isFirst} onClick={() => go(older)}>
        {t('pages.older')}
      </Explained>
      <Explained size="small" why={isFirst} onClick={() => go(Math.min(pageSize - 1, newest))}>
        {t('pages.first')}
      </Explained>
    </nav>
  );
}

function Jump({ ledger, go }: { ledger: Ledger; go: (from: number) => void }) {
  const { t } = useTranslation('ledger');
  const [number, setNumber] = useState<number | null>(null);
  const jump = (): void => {
    if (number !== null) go(number);
  };
  return (
    <>
      <InputNumber
        controls={false}
        className={css.number ?? ''}
        size="small"
        aria-label={t('jumpTo')}
        placeholder={t('jumpTo')}
        min={0}
        max={Math.max(0, (ledger.height ?? 1) - 1)}
        precision={0}
        value={number}
        onChange={setNumber}
        onPressEnter={jump}
      />
      <Explained size="small" why={number === null ? t('jumpWhy') : undefined} onClick={jump}>
        {t('jump')}
      </Explained>
    </>
  );
}

function Body({ ledger }: { ledger: Ledger }) {
  const { t } = useTranslation('ledger');
  const format = useFormat();
  const [search, setSearch] = useSearchParams();
  const from = pageOf(search.get('from'));
  const [paused, setPaused] = useState(false);
  useEffect(() => setPaused(false), [ledger.channelId]);
  const go = (wanted: number | undefined): void => setSearch(wanted === undefined ? {} : { from: String(wanted) });
  return (
    <Panel
      title={from === undefined ? t('newestBlocks') : t('blocksFrom', { number: format.number(from) })}
      flush
      extra={
        <>
          {from === undefined && (
            <Button size="small" aria-pressed={paused} onClick={() => setPaused((before) => !before)}>
              {paused ? t('goOn') : t('pause')}
            </Button>
          )}
          <Jump ledger={ledger} go={go} />
        </>
      }
    >
      {from === undefined ? <NewestBlocks ledger={ledger} paused={paused} onGoOn={() => setPaused(false)} /> : <OlderBlocks ledger={ledger} from={from} />}
      <BlockPager ledger={ledger} from={from} go={go} />
    </Panel>
  );
}

/** A channel's blocks: the newest as they come, or from any number down. */
export function Blocks() {
  const { t } = useTranslation('ledger');
  return <LedgerPage lead={t('lead')}>{(ledger) => <Body ledger={ledger} />}</LedgerPage>;
}
