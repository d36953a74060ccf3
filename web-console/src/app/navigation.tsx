import {
  ApartmentOutlined,
  ApiOutlined,
  AppstoreOutlined,
  AuditOutlined,
  BlockOutlined,
  BranchesOutlined,
  DashboardOutlined,
  FileTextOutlined,
  HddOutlined,
  HomeOutlined,
  PlusOutlined,
  SafetyCertificateOutlined,
  SettingOutlined,
  SnippetsOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons';
import { Menu, Select, type MenuProps } from 'antd';
import { cloneElement, isValidElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate } from 'react-router';
import { ConsortiumNamesDocument } from '../graphql/generated/graphql.ts';
import { dataOf } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { certificatesPath, channelsPath, consortiumPath, consortiumOfPath, nodesPath, selectedItem, topologyPath } from './paths.ts';
import css from './layout.module.css';

type Items = NonNullable<MenuProps['items']>;

/** One place for all screens: those of the platform, and those of the consortium that is looked at. */
function useItems(consortium: string | undefined): Items {
  const { t } = useTranslation();
  const platform: Items = [
    { key: '/', icon: <HomeOutlined />, label: <Link to="/">{t('navigation.home')}</Link> },
    { key: '/operations', icon: <UnorderedListOutlined />, label: <Link to="/operations">{t('navigation.operations')}</Link> },
    { key: '/templates', icon: <SnippetsOutlined />, label: <Link to="/templates">{t('navigation.templates')}</Link> },
    { key: '/create', icon: <PlusOutlined />, label: <Link to="/create">{t('navigation.create')}</Link> },
    { key: '/audit', icon: <AuditOutlined />, label: <Link to="/audit">{t('navigation.audit')}</Link> },
    { key: '/api', icon: <ApiOutlined />, label: <Link to="/api">{t('navigation.api')}</Link> },
    { key: '/settings', icon: <SettingOutlined />, label: <Link to="/settings">{t('navigation.settings')}</Link> },
  ];
  if (consortium === undefined) return platform;
  const base = consortiumPath(consortium);
  const own: Items = [
    { key: base, icon: <DashboardOutlined />, label: <Link to={base}>{t('navigation.overview')}</Link> },
    { key: topologyPath(consortium), icon: <ApartmentOutlined />, label: <Link to={topologyPath(consortium)}>{t('navigation.topology')}</Link> },
    { key: nodesPath(consortium), icon: <HddOutlined />, label: <Link to={nodesPath(consortium)}>{t('navigation.nodes')}</Link> },
    { key: channelsPath(consortium), icon: <BranchesOutlined />, label: <Link to={channelsPath(consortium)}>{t('navigation.channels')}</Link> },
    { key: `${base}/contracts`, icon: <FileTextOutlined />, label: <Link to={`${base}/contracts`}>{t('navigation.contracts')}</Link> },
    { key: certificatesPath(consortium), icon: <SafetyCertificateOutlined />, label: <Link to={certificatesPath(consortium)}>{t('navigation.certificates')}</Link> },
    { key: `${base}/ledger`, icon: <BlockOutlined />, label: <Link to={`${base}/ledger`}>{t('navigation.ledger')}</Link> },
    { key: `${base}/applications`, icon: <AppstoreOutlined />, label: <Link to={`${base}/applications`}>{t('navigation.applications')}</Link> },
  ];
  return [...own, { type: 'divider', key: 'divider' }, ...platform];
}

const refreshMs = 10_000;

/** A screen reader would read the icons' own names, which are English, before the words beside them. */
const withSilentIcons = (items: Items): Items =>
  items.map((item) => (item && 'icon' in item && isValidElement<{ 'aria-hidden'?: boolean }>(item.icon) ? { ...item, icon: cloneElement(item.icon, { 'aria-hidden': true }) } : item));

export function Navigation({ onChosen }: { onChosen?: () => void }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const current = consortiumOfPath(pathname);
  const names = dataOf(useQuery(ConsortiumNamesDocument, { first: 100 }, { everyMs: refreshMs }))?.consortia.edges.map(({ node }) => node.name) ?? [];
  const items = useItems(current);
  return (
    <nav aria-label={t('navigation.label')} className={css.navigation}>
      <div className={css.switcher}>
        <Select
          className={css.switcherSelect ?? ''}
          aria-label={t('navigation.switch')}
          placeholder={t('navigation.switch')}
          value={current ?? null}
          showSearch
          options={(current !== undefined && !names.includes(current) ? [current, ...names] : names).map((name) => ({ value: name, label: name }))}
          notFoundContent={t('navigation.none')}
          onChange={(name: string) => {
            void navigate(consortiumPath(name));
            onChosen?.();
          }}
        />
      </div>
      <Menu mode="inline" inlineIndent={14} items={withSilentIcons(items)} selectedKeys={[selectedItem(pathname)]} onClick={() => onChosen?.()} />
    </nav>
  );
}
