import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { LedgerBlockDocument, LedgerBlockTransactionsDocument } from '../graphql/generated/graphql.ts';
import { mapLive } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { useFormat } from '../i18n/use-format.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Explained } from '../ui/explained.tsx';
import { Facts } from '../ui/facts.tsx';
import { Moment } from '../ui/moment.tsx';
import { Pager } from '../ui/pager.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { useCursorPages } from '../ui/use-cursor-pages.ts';
import { ConfigUpdate } from './config-update.tsx';
import { blockPath, blocksPath, ledgerPath } from './ledger-paths.ts';
import { LedgerPage } from './ledger-page.tsx';
import { TransactionTable } from './transaction-table.tsx';
import type { Ledger } from './use-ledger.ts';
import css from './ledger.module.css';

const pageSize = 20;

function Hash({ text, what }: { text: string; what: string }) {
  return (
    <>
      <bdi className={css.key}>{text}</bdi> <CopyButton text={text} what={what} />
    </>
  );
}

function BlockFacts({ ledger, number }: { ledger: Ledger; number: number }) {
  const { t } = useTranslation('ledger');
  const format = useFormat();
  const live = mapLive(useQuery(LedgerBlockDocument, { consortium: ledger.consortium, channel: ledger.channel, number }), ({ block }) => block);
  return (
    <LivePart live={live} waiting={t('waitingBlock')}>
      {(block) => (
        <>
          <Panel title={t('ofBlock')}>
            <Facts
              facts={[
                { term: t('column.time'), value: block.at === null ? '–' : <Moment at={block.at} /> },
                { term: t('column.transactions'), value: format.number(block.transactionCount) },
                { term: t('validOnes'), value: format.number(block.validCount) },
                { term: t('hash'), value: <Hash text={block.hash} what={t('hash')} /> },
                {
                  term: t('previousHash'),
                  value: block.previousHash === '' ? t('noPrevious') : <Link to={blockPath(ledger, number - 1)}><bdi className={css.key}>{block.previousHash}</bdi></Link>,
                },
                { term: t('dataHash'), value: <Hash text={block.dataHash} what={t('dataHash')} /> },
              ]}
            />
          </Panel>
          {block.configUpdate && <ConfigUpdate ledger={ledger} update={block.configUpdate} />}
        </>
      )}
    </LivePart>
  );
}

function BlockTransactions({ ledger, number }: { ledger: Ledger; number: number }) {
  const { t } = useTranslation('ledger');
  const pages = useCursorPages(`${ledger.channelId} ${number}`);
  const { consortium, channel } = ledger;
  const variables = { consortium, channel, number, first: pageSize, ...(pages.after === undefined ? {} : { after: pages.after }) };
  const live = mapLive(useQuery(LedgerBlockTransactionsDocument, variables), ({ block }) => block.transactions);
  return (
    <Panel title={t('itsTransactions')} flush>
      <LivePart live={live} waiting={t('waitingTransactions')} empty={{ when: ({ edges }) => edges.length === 0 && pages.number === 1, show: <Empty title={t('noTransactions')} /> }}>
        {({ edges, pageInfo }) => (
          <>
            <TransactionTable ledger={ledger} transactions={edges.map(({ node }) => node)} withBlock={false} />
            <Pager pages={pages} info={pageInfo} />
          </>
        )}
      </LivePart>
    </Panel>
  );
}

function Neighbours({ ledger, number }: { ledger: Ledger; number: number }) {
  const { t } = useTranslation('ledger');
  const navigate = useNavigate();
  const isLast = ledger.height !== null && number >= ledger.height - 1;
  return (
    <>
      <Explained why={number === 0 ? t('whyNoPrevious') : undefined} onClick={() => void navigate(blockPath(ledger, number - 1))}>
        {t('previousBlock')}
      </Explained>
      <Explained why={isLast ? t('whyNoNext') : undefined} onClick={() => void navigate(blockPath(ledger, number + 1))}>
        {t('nextBlock')}
      </Explained>
    </>
  );
}

/** As far as is known: heights are told a moment later than blocks. */
const isThere = ({ height }: Ledger, number: number): boolean => height === null || number < height;

/** One block: what it holds, and what it changed when it is one of configuration. */
export function Block() {
  const { t } = useTranslation('ledger');
  const format = useFormat();
  const { number: text = '' } = useParams();
  const number = /^\d{1,10}$/.test(text) && Number(text) < 2 ** 31 ? Number(text) : undefined;
  if (number === undefined) return <LedgerPage title={t('block', { number: text })}>{() => <Empty title={t('noNumber')} />}</LedgerPage>;
  return (
    <LedgerPage
      title={t('block', { number: format.number(number) })}
      crumbs={(ledger) => [{ title: t('blocks'), to: blocksPath(ledger, number) }]}
      actions={(ledger) => isThere(ledger, number) && <Neighbours ledger={ledger} number={number} />}
    >
      {(ledger) => !isThere(ledger, number) ? (
        <Empty title={t('noSuchBlock', { number: format.number(number) })} action={<Link to={ledgerPath(ledger)}>{t('toBlocks')}</Link>}>
          {t('noSuchBlockLead', { newest: format.number((ledger.height ?? 0) - 1) })}
        </Empty>
      ) : (
        <>
          <BlockFacts ledger={ledger} number={number} />
          <BlockTransactions ledger={ledger} number={number} />
        </>
      )}
    </LedgerPage>
  );
}
