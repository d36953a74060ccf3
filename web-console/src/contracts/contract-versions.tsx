import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { operationPath } from '../app/paths.ts';
import type { ContractDetailsQuery } from '../graphql/generated/graphql.ts';
import { Copyable } from '../ui/copyable.tsx';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Empty } from '../ui/empty.tsx';
import { Moment } from '../ui/moment.tsx';
import { Untrusted } from '../ui/untrusted.tsx';

type Version = ContractDetailsQuery['contract']['versions'][number];

export function ContractVersions({ versions }: { versions: readonly Version[] }) {
  const { t } = useTranslation('contracts');
  const columns: Column<Version>[] = [
    { key: 'version', title: t('version'), show: ({ version }) => <Untrusted text={version} code /> },
    { key: 'at', title: t('versions.at'), show: ({ proposedAt }) => <Moment at={proposedAt} /> },
    { key: 'by', title: t('versions.by'), show: ({ proposedBy }) => <Untrusted text={proposedBy} /> },
    { key: 'consent', title: t('versions.consent'), show: ({ consent }) => t(`consent.${consent}`) },
    { key: 'digest', title: t('digest'), show: ({ artifactDigest }) => <Copyable text={artifactDigest} what={t('digest')} /> },
    { key: 'operation', title: t('versions.operation'), show: ({ operationId }) => <Link to={operationPath(operationId)}>{t('versions.toOperation')}</Link> },
  ];
  if (versions.length === 0) return <Empty title={t('versions.none')} />;
  return <DataTable caption={t('versions.title')} columns={columns} rows={versions} keyOf={({ operationId }) => operationId} />;
}
