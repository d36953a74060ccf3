import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { LedgerTransactionDocument, type LedgerTransactionQuery } from '../graphql/generated/graphql.ts';
import { mapLive } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { useFormat } from '../i18n/use-format.ts';
import { Copyable } from '../ui/copyable.tsx';
import { Empty } from '../ui/empty.tsx';
import { Facts } from '../ui/facts.tsx';
import { Moment } from '../ui/moment.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { ServerText } from '../ui/server-text.tsx';
import { Status } from '../ui/status.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { Identity } from './identity.tsx';
import { LedgerBytes } from './ledger-bytes.tsx';
import { LedgerPage } from './ledger-page.tsx';
import { blockPath, transactionsPath } from './ledger-paths.ts';
import { ReadWriteSet } from './read-write-set.tsx';
import type { Ledger } from './use-ledger.ts';
import css from './ledger.module.css';

type Transaction = LedgerTransactionQuery['transaction'];

/** What the peers decided, what that means, and what to do. */
function Verdict({ validation }: { validation: Transaction['validation'] }) {
  const { t } = useTranslation('ledger');
  if (validation.valid) {
    return (
      <p className={css.verdict}>
        <Status tone="good"><ServerText text={validation.meaning} /></Status>
      </p>
    );
  }
  return (
    <Alert
      className={css.verdict ?? ''}
      type="error"
      showIcon
      title={<ServerText text={validation.meaning} />}
      description={
        <>
          <div>{t('next')} <ServerText text={validation.nextAction} /></div>
          <code>{validation.name}</code> ({validation.code})
        </>
      }
    />
  );
}

function Call({ ledger, transaction }: { ledger: Ledger; transaction: Transaction }) {
  const { t } = useTranslation('ledger');
  const format = useFormat();
  const { at, commitLatencyMs, creator, endorsers } = transaction;
  return (
    <Panel title={t('call')}>
      <Facts
        facts={[
          { term: t('column.contract'), value: transaction.contract === null ? '–' : <Untrusted text={transaction.contract} /> },
          { term: t('function'), value: transaction.function === null ? '–' : <Untrusted text={transaction.function} code /> },
          { term: t('column.block'), value: <Link to={blockPath(ledger, transaction.blockNumber)}>{format.number(transaction.blockNumber)}</Link> },
          { term: t('column.place'), value: format.number(transaction.index) },
          { term: t('column.time'), value: at === null ? '–' : <Moment at={at} /> },
          { term: t('latency'), value: commitLatencyMs === null ? t('latencyUnknown') : format.duration(commitLatencyMs) },
          { term: t('column.id'), value: <Copyable text={transaction.id} what={t('column.id')} /> },
          { term: t('column.submitter'), value: creator ? <Identity ledger={ledger} identity={creator} /> : '–' },
          ...(endorsers.length === 0
            ? []
            : [{ term: t('endorsers', { count: endorsers.length }), value: endorsers.map((identity) => <div key={`${identity.mspId} ${identity.subject}`}><Identity ledger={ledger} identity={identity} /></div>) }]),
        ]}
      />
    </Panel>
  );
}

function Arguments({ transaction: { args } }: { transaction: Transaction }) {
  const { t } = useTranslation('ledger');
  if (args.length === 0) return null;
  return (
    <Panel title={t('arguments')}>
      {args.map((bytes, index) => (
        // Arguments are told apart by their place alone.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={css.item}>
          <LedgerBytes bytes={bytes} what={t('argument', { number: index + 1 })} />
        </div>
      ))}
    </Panel>
  );
}

function Answers({ transaction: { response, event, validation } }: { transaction: Transaction }) {
  const { t } = useTranslation('ledger');
  return (
    <>
      {response && (
        <Panel title={t('response')} extra={<span>{t('status', { status: response.status })}</span>}>
          {response.message !== '' && <p className={css.note}><bdi>{response.message}</bdi></p>}
          <LedgerBytes bytes={response.payload} what={t('response')} />
        </Panel>
      )}
      {event && (
        <Panel title={t('event')} extra={<Untrusted text={event.name} code />}>
          {!validation.valid && <p className={css.note}>{t('eventNoEffect')}</p>}
          <LedgerBytes bytes={event.payload} what={t('event')} />
        </Panel>
      )}
    </>
  );
}

function Body({ ledger, id }: { ledger: Ledger; id: string }) {
  const { t } = useTranslation('ledger');
  const { consortium, channel } = ledger;
  const live = mapLive(useQuery(LedgerTransactionDocument, { consortium, channel, id }), ({ transaction }) => transaction);
  return (
    <LivePart live={live} waiting={t('waitingTransaction')} missing={<Empty title={t('noSuchTransaction')} action={<Link to={transactionsPath(ledger)}>{t('toTransactions')}</Link>}>{t('noSuchTransactionLead')}</Empty>}>
      {(transaction) => (
        <>
          <Verdict validation={transaction.validation} />
          <Call ledger={ledger} transaction={transaction} />
          <Arguments transaction={transaction} />
          <Answers transaction={transaction} />
          <ReadWriteSet ledger={ledger} transaction={transaction} />
        </>
      )}
    </LivePart>
  );
}

/** One transaction, with all that the ledger has of it. */
export function Transaction() {
  const { t } = useTranslation('ledger');
  const { id = '' } = useParams();
  return (
    <LedgerPage title={t('transaction', { id: id.slice(0, 12) })} crumbs={(ledger) => [{ title: t('transactions'), to: transactionsPath(ledger) }]} actions={() => null}>
      {(ledger) => <Body key={id} ledger={ledger} id={id} />}
    </LedgerPage>
  );
}
