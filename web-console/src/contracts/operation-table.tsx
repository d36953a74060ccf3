import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../ui/data-table.tsx';
import type { ContractMetadata, ContractOperation } from './metadata.ts';
import css from './contracts.module.css';

/** What a contract can be asked to do, and who may ask it. */
export function OperationTable({ metadata }: { metadata: ContractMetadata }) {
  const { t } = useTranslation('contracts');
  const columns: Column<ContractOperation>[] = [
    { key: 'name', title: t('operations.name'), show: ({ name }) => <bdi className={css.mono}>{name}</bdi> },
    { key: 'what', title: t('operations.what'), show: ({ title, description }) => <div lang="en" className={css.wrap}><bdi title={description}>{description || title}</bdi></div> },
    { key: 'type', title: t('operations.type'), show: ({ type }) => t(`operations.${type}`) },
    {
      key: 'by',
      title: t('operations.by'),
      show: ({ by, type }) =>
        by.length === 0 ? (
          type === 'read' ? t('operations.anyone') : '–'
        ) : (
          by.map(({ name, title, roles }) => (
            <div key={name} lang="en" className={css.wrap}>
              <bdi>{title}</bdi>
              {roles.length > 0 && <span className={css.next}> ({roles.join(', ')})</span>}
            </div>
          ))
        ),
    },
  ];
  return <DataTable caption={t('operations.title')} columns={columns} rows={metadata.operations} keyOf={({ name }) => name} />;
}
