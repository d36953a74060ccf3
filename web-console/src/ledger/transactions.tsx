import { Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { LedgerTransactionsDocument } from '../graphql/generated/graphql.ts';
import { mapLive } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { Empty } from '../ui/empty.tsx';
import { Pager } from '../ui/pager.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { useCursorPages } from '../ui/use-cursor-pages.ts';
import { useClearing } from '../ui/use-clearing.tsx';
import { LedgerPage } from './ledger-page.tsx';
import { filterOf, searchOf, type TransactionFilter } from './transaction-filter.ts';
import { TransactionTable } from './transaction-table.tsx';
import type { Ledger } from './use-ledger.ts';
import css from './ledger.module.css';

const pageSize = 20;
const refreshMs = 5000;

type Loose = { [Name in keyof TransactionFilter]?: TransactionFilter[Name] | undefined };

/** Without what does not filter. */
const given = (filter: Loose): TransactionFilter => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));

/** A key belongs to a contract: without one that was chosen, to the channel's first. */
function KeyFilter({ ledger, filter, change }: { ledger: Ledger; filter: TransactionFilter; change: (filter: TransactionFilter) => void }) {
  const { t } = useTranslation('ledger');
  const clearing = useClearing();
  const [typed, setTyped] = useState(filter.key ?? '');
  const contract = filter.contract ?? ledger.contracts[0];
  if (contract === undefined) return null;
  return (
    <Input.Search
      aria-label={t('filter.key', { contract })}
      placeholder={t('filter.key', { contract })}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onSearch={(key) => change(given({ ...filter, contract: key === '' ? filter.contract : contract, key: key === '' ? undefined : key }))}
      allowClear={clearing}
      maxLength={65_536}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

function Filters({ ledger, filter, change }: { ledger: Ledger; filter: TransactionFilter; change: (filter: TransactionFilter) => void }) {
  const { t } = useTranslation('ledger');
  const clearing = useClearing();
  const contracts = filter.contract === undefined || ledger.contracts.includes(filter.contract) ? ledger.contracts : [...ledger.contracts, filter.contract];
  return (
    <div className={css.filters} role="group" aria-label={t('filter.label')}>
      <Select
        aria-label={t('filter.contract')}
        placeholder={t('filter.contract')}
        allowClear={clearing}
        value={filter.contract ?? null}
        options={contracts.map((name) => ({ value: name, label: name }))}
        onChange={(contract: string | undefined) => change(given({ ...filter, contract }))}
      />
      <Select
        aria-label={t('filter.member')}
        placeholder={t('filter.member')}
        allowClear={clearing}
        showSearch
        optionFilterProp="label"
        value={filter.member ?? null}
        options={ledger.members.map(({ name, displayName }) => ({ value: name, label: displayName ?? name }))}
        onChange={(member: string | undefined) => change(given({ ...filter, member }))}
      />
      <Select
        aria-label={t('filter.verdict')}
        placeholder={t('filter.verdict')}
        allowClear={clearing}
        value={filter.valid === undefined ? null : String(filter.valid)}
        options={[{ value: 'true', label: t('filter.valid') }, { value: 'false', label: t('filter.invalid') }]}
        onChange={(valid: string | undefined) => change(given({ ...filter, valid: valid === undefined ? undefined : valid === 'true' }))}
      />
      <KeyFilter key={filter.key ?? ''} ledger={ledger} filter={filter} change={change} />
    </div>
  );
}

function Body({ ledger }: { ledger: Ledger }) {
  const { t } = useTranslation('ledger');
  const [search, setSearch] = useSearchParams();
  const filter = filterOf(search);
  const pages = useCursorPages(`${ledger.channelId} ${JSON.stringify(filter)}`);
  const isFirst = pages.after === undefined;
  const variables = { channel: ledger.channelId, ...filter, first: pageSize, ...(isFirst ? {} : { after: pages.after }) };
  // A page further back is what somebody reads: it stays as it is.
  const live = mapLive(useQuery(LedgerTransactionsDocument, variables, isFirst ? { everyMs: refreshMs } : {}), ({ channel }) => channel.transactions);
  const isFiltered = Object.keys(filter).length > 0;
  const empty = isFiltered ? <Empty title={t('noneMatch')}>{t('noneMatchLead')}</Empty> : <Empty title={t('noTransactions')}>{t('noTransactionsLead')}</Empty>;
  return (
    <Panel title={t('transactions')} flush>
      <Filters ledger={ledger} filter={filter} change={(wanted) => setSearch(searchOf(wanted))} />
      <LivePart live={live} waiting={t('waitingTransactions')} empty={{ when: ({ edges }) => edges.length === 0 && pages.number === 1, show: empty }}>
        {({ edges, pageInfo }) => (
          <>
            <TransactionTable ledger={ledger} transactions={edges.map(({ node }) => node)} withBlock />
            <Pager pages={pages} info={pageInfo} />
          </>
        )}
      </LivePart>
    </Panel>
  );
}

/** The transactions of a channel, newest first; what they are filtered by is in the address. */
export function Transactions() {
  const { t } = useTranslation('ledger');
  return (
    <LedgerPage lead={t('lead')}>
      {(ledger) => <Body ledger={ledger} />}
    </LedgerPage>
  );
}
