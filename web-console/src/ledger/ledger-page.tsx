import { Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, useNavigate, useParams } from 'react-router';
import { channelsPath, consortiumPath } from '../app/paths.ts';
import { useConsortium } from '../consortia/consortium-context.ts';
import { ConnectionLost } from '../ui/connection-lost.tsx';
import { Empty } from '../ui/empty.tsx';
import { Page } from '../ui/page.tsx';
import { keysPath, ledgerPath, transactionsPath } from './ledger-paths.ts';
import { LedgerSearch } from './ledger-search.tsx';
import { useLedger, type Ledger } from './use-ledger.ts';
import css from './ledger.module.css';

interface Properties {
  /** Left out: the ledger's own. */
  title?: string;
  /** Between the ledger and the page. */
  crumbs?: (ledger: Ledger) => { title: string; to: string }[];
  lead?: string;
  actions?: (ledger: Ledger) => ReactNode;
  children: (ledger: Ledger) => ReactNode;
}

function Tabs({ ledger }: { ledger: Ledger }) {
  const { t } = useTranslation('ledger');
  return (
    <nav className={css.tabs} aria-label={t('parts')}>
      <NavLink to={ledgerPath(ledger)} end>
        {t('blocks')}
      </NavLink>
      <NavLink to={transactionsPath(ledger)} end>
        {t('transactions')}
      </NavLink>
      <NavLink to={keysPath(ledger)} end>
        {t('keyHistory')}
      </NavLink>
    </nav>
  );
}

function ChannelSwitch({ ledger }: { ledger: Ledger }) {
  const { t } = useTranslation('ledger');
  const navigate = useNavigate();
  if (ledger.channels.length < 2) return null;
  return (
    <Select
      className={css.channelSelect ?? ''}
      aria-label={t('channel')}
      value={ledger.channel}
      options={ledger.channels.map((name) => ({ value: name, label: name }))}
      onChange={(channel: string) => void navigate(ledgerPath({ consortium: ledger.consortium, channel }))}
    />
  );
}

/** What the screens of a ledger have in common: whose it is, the search, and the way between them. */
export function LedgerPage({ title, crumbs, lead, actions, children }: Properties) {
  const { t } = useTranslation('ledger');
  const { name = '', channel = '' } = useParams();
  const known = useConsortium();
  const ledger = useLedger();
  const home = [{ title: t('consortia'), to: '/' }, { title: name, to: consortiumPath(name) }];
  if (!ledger) {
    return (
      <Page title={t('title', { channel })} crumbs={home}>
        <Empty title={t('noChannel', { channel })} action={<Link to={channelsPath(name)}>{t('toChannels')}</Link>}>{t('noChannelLead')}</Empty>
      </Page>
    );
  }
  const own = t('title', { channel });
  return (
    <Page
      title={title ?? own}
      crumbs={title === undefined ? home : [...home, { title: own, to: ledgerPath(ledger) }, ...(crumbs?.(ledger) ?? [])]}
      {...(lead === undefined ? {} : { lead })}
      actions={actions ? actions(ledger) : <ChannelSwitch ledger={ledger} />}
    >
      {known.state === 'stale' && <ConnectionLost since={known.since} />}
      <LedgerSearch key={ledger.channelId} ledger={ledger} />
      <Tabs ledger={ledger} />
      {children(ledger)}
    </Page>
  );
}
