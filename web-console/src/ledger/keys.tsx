import { Input, Select } from 'antd';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { LedgerKeyHistoryDocument, type LedgerKeyHistoryQuery } from '../graphql/generated/graphql.ts';
import { mapLive } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { useFormat } from '../i18n/use-format.ts';
import { Empty } from '../ui/empty.tsx';
import { Explained } from '../ui/explained.tsx';
import { Field } from '../ui/field.tsx';
import { Moment } from '../ui/moment.tsx';
import { Pager } from '../ui/pager.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { useCursorPages } from '../ui/use-cursor-pages.ts';
import { LedgerBytes } from './ledger-bytes.tsx';
import { LedgerPage } from './ledger-page.tsx';
import { blockPath, transactionPath } from './ledger-paths.ts';
import { visibleKey } from './readable.ts';
import type { Ledger } from './use-ledger.ts';
import { useTransactionName } from './transaction-table.tsx';
import css from './ledger.module.css';

type Version = LedgerKeyHistoryQuery['keyHistory']['edges'][number]['node'];

const pageSize = 10;

function KeyForm({ ledger, contract, asked, onAsk }: { ledger: Ledger; contract: string | undefined; asked: string; onAsk: (contract: string, key: string) => void }) {
  const { t } = useTranslation('ledger');
  const [of, setOf] = useState(contract ?? ledger.contracts[0]);
  const [key, setKey] = useState(asked);
  const why = of === undefined ? t('search.noContract') : key === '' ? t('keyMissing') : undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (of !== undefined && key !== '') onAsk(of, key);
  };
  const names = of === undefined || ledger.contracts.includes(of) ? ledger.contracts : [...ledger.contracts, of];
  return (
    <form className={css.keyForm} onSubmit={submit}>
      <Field label={t('column.contract')}>{(ids) => <Select {...ids} value={of ?? null} options={names.map((name) => ({ value: name, label: name }))} onChange={setOf} />}</Field>
      <Field label={t('column.key')}>{(ids) => <Input {...ids} value={key} onChange={(event) => setKey(event.target.value)} maxLength={65_536} autoComplete="off" spellCheck={false} />}</Field>
      <Explained why={why} type="primary" htmlType="submit">
        {t('showHistory')}
      </Explained>
    </form>
  );
}

function VersionItem({ ledger, version }: { ledger: Ledger; version: Version }) {
  const { t } = useTranslation('ledger');
  const format = useFormat();
  const nameOf = useTransactionName();
  const { transactionId, blockNumber, at, isDelete, value } = version;
  return (
    <li className={css.item}>
      <div className={css.itemHead}>
        <h3>
          <Link to={transactionPath(ledger, transactionId)}>
            <Untrusted text={nameOf({ ...version, type: 'contract' })} />
          </Link>
        </h3>
        <Link to={blockPath(ledger, blockNumber)}>{t('block', { number: format.number(blockNumber) })}</Link>
        {at !== null && <Moment at={at} />}
        {isDelete && <strong>{t('deleted')}</strong>}
      </div>
      {value && <LedgerBytes bytes={value} what={t('valueAt', { number: blockNumber })} />}
    </li>
  );
}

function History({ ledger, contract, ledgerKey }: { ledger: Ledger; contract: string; ledgerKey: string }) {
  const { t } = useTranslation('ledger');
  const pages = useCursorPages(`${ledger.channelId} ${contract} ${ledgerKey}`);
  const { consortium, channel } = ledger;
  const variables = { consortium, channel, contract, key: ledgerKey, first: pageSize, ...(pages.after === undefined ? {} : { after: pages.after }) };
  const live = mapLive(useQuery(LedgerKeyHistoryDocument, variables), ({ keyHistory }) => keyHistory);
  return (
    <Panel title={<bdi className={css.key}>{visibleKey(ledgerKey)}</bdi>} extra={<Untrusted text={contract} />}>
      <LivePart live={live} waiting={t('waitingHistory')} empty={{ when: ({ edges }) => edges.length === 0 && pages.number === 1, show: <Empty title={t('noHistory')}>{t('noHistoryLead')}</Empty> }}>
        {({ edges, pageInfo }) => (
          <>
            <ol className={css.versions}>
              {edges.map(({ node }) => (
                <VersionItem key={`${node.blockNumber}-${node.index}`} ledger={ledger} version={node} />
              ))}
            </ol>
            <Pager pages={pages} info={pageInfo} />
          </>
        )}
      </LivePart>
    </Panel>
  );
}

function Body({ ledger }: { ledger: Ledger }) {
  const { t } = useTranslation('ledger');
  const [search, setSearch] = useSearchParams();
  const contract = search.get('contract') || undefined;
  const key = search.get('key') ?? '';
  return (
    <>
      <Panel title={t('whichKey')}>
        <KeyForm key={`${contract} ${key}`} ledger={ledger} contract={contract} asked={key} onAsk={(of, wanted) => setSearch({ contract: of, key: wanted })} />
      </Panel>
      {contract !== undefined && key !== '' && <History ledger={ledger} contract={contract} ledgerKey={key} />}
    </>
  );
}

/** What a key of a contract became, newest first. */
export function Keys() {
  const { t } = useTranslation('ledger');
  return (
    <LedgerPage title={t('keyHistory')} lead={t('keyLead')}>
      {(ledger) => <Body ledger={ledger} />}
    </LedgerPage>
  );
}
