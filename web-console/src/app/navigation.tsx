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
import { lazy, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { loadLater } from './load-later.ts';
import { certificatesPath, channelsPath, consortiumOfPath, consortiumPath, contractsPath, nodesPath, selectedItem, topologyPath } from './paths.ts';
import css from './layout.module.css';

interface Item {
  path: string;
  icon: ReactNode;
  label: string;
}

function usePlatform(): Item[] {
  const { t } = useTranslation();
  return [
    { path: '/', icon: <HomeOutlined />, label: t('navigation.home') },
    { path: '/operations', icon: <UnorderedListOutlined />, label: t('navigation.operations') },
    { path: '/templates', icon: <SnippetsOutlined />, label: t('navigation.templates') },
    { path: '/create', icon: <PlusOutlined />, label: t('navigation.create') },
    { path: '/audit', icon: <AuditOutlined />, label: t('navigation.audit') },
    { path: '/api', icon: <ApiOutlined />, label: t('navigation.api') },
    { path: '/settings', icon: <SettingOutlined />, label: t('navigation.settings') },
  ];
}

function useConsortiumItems(consortium: string): Item[] {
  const { t } = useTranslation();
  const base = consortiumPath(consortium);
  return [
    { path: base, icon: <DashboardOutlined />, label: t('navigation.overview') },
    { path: topologyPath(consortium), icon: <ApartmentOutlined />, label: t('navigation.topology') },
    { path: nodesPath(consortium), icon: <HddOutlined />, label: t('navigation.nodes') },
    { path: channelsPath(consortium), icon: <BranchesOutlined />, label: t('navigation.channels') },
    { path: contractsPath(consortium), icon: <FileTextOutlined />, label: t('navigation.contracts') },
    { path: certificatesPath(consortium), icon: <SafetyCertificateOutlined />, label: t('navigation.certificates') },
    { path: `${base}/ledger`, icon: <BlockOutlined />, label: t('navigation.ledger') },
    { path: `${base}/applications`, icon: <AppstoreOutlined />, label: t('navigation.applications') },
  ];
}

function Links({ items, onChosen }: { items: readonly Item[]; onChosen: (() => void) | undefined }) {
  const selected = selectedItem(useLocation().pathname);
  return (
    <ul className={css.links}>
      {items.map(({ path, icon, label }) => (
        <li key={path}>
          <Link to={path} aria-current={path === selected ? 'page' : undefined} onClick={onChosen}>
            <span aria-hidden>{icon}</span>
            {label}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function ConsortiumLinks({ consortium, onChosen }: { consortium: string; onChosen: (() => void) | undefined }) {
  return <Links items={useConsortiumItems(consortium)} onChosen={onChosen} />;
}

// The first screen need not wait for it.
const ConsortiumSwitch = lazy(async () => ({ default: (await loadLater(() => import('./consortium-switch.tsx'))).ConsortiumSwitch }));

/** One place for all screens: those of the consortium that is looked at, and those of the platform. */
export function Navigation({ onChosen }: { onChosen?: () => void }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const current = consortiumOfPath(pathname);
  const platform = usePlatform();
  return (
    <nav aria-label={t('navigation.label')} className={css.navigation}>
      <div className={css.switcher}>
        <Suspense fallback={null}>
          <ConsortiumSwitch current={current} onChosen={onChosen} />
        </Suspense>
      </div>
      {current !== undefined && <ConsortiumLinks consortium={current} onChosen={onChosen} />}
      <Links items={platform} onChosen={onChosen} />
    </nav>
  );
}
