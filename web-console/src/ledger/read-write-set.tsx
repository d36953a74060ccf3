import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { LedgerTransactionQuery } from '../graphql/generated/graphql.ts';
import { useFormat } from '../i18n/use-format.ts';
import { DataTable } from '../ui/data-table.tsx';
import { Panel } from '../ui/panel.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { LedgerBytes } from './ledger-bytes.tsx';
import { LedgerKey } from './ledger-key.tsx';
import { blockPath } from './ledger-paths.ts';
import { visibleKey } from './readable.ts';
import type { Ledger } from './use-ledger.ts';
import css from './ledger.module.css';

type Transaction = LedgerTransactionQuery['transaction'];

/** The version that was read: the transaction that wrote it, by its block and its place there. */
function Version({ ledger, block, position }: { ledger: Ledger; block: number | null; position: number | null }) {
  const { t } = useTranslation('ledger');
  const format = useFormat();
  if (block === null) return <span className={css.muted}>{t('noVersion')}</span>;
  return <Link to={blockPath(ledger, block)}>{t('version', { block: format.number(block), position: format.number(position ?? 0) })}</Link>;
}

/** A part of the set that is there, and how much of it is shown. */
function Part({ title, note, shown, all, flush = true, children }: { title: string; note: string; shown: number; all: number; flush?: boolean; children: ReactNode }) {
  const { t } = useTranslation('ledger');
  const format = useFormat();
  if (all === 0) return null;
  return (
    <Panel title={title} extra={<span>{shown < all ? t('shownOf', { shown: format.number(shown), all: format.number(all) }) : format.number(all)}</span>} flush={flush}>
      <p className={flush ? css.noteFlush : css.note}>{note}</p>
      {children}
    </Panel>
  );
}

export function ReadWriteSet({ ledger, transaction }: { ledger: Ledger; transaction: Transaction }) {
  const { t } = useTranslation('ledger');
  const format = useFormat();
  const { counts, reads, writes, rangeReads, privateReads, privateWrites, metadataWrites, validation } = transaction;
  const contract = { key: 'contract', title: t('column.contract'), show: (row: { contract: string }) => <Untrusted text={row.contract} /> };
  const key = {
    key: 'key',
    title: t('column.key'),
    show: (row: { contract: string; key: string; keyLength: number }) => <LedgerKey place={ledger} contract={row.contract} ledgerKey={row.key} length={row.keyLength} />,
  };
  const version = {
    key: 'version',
    title: t('column.version'),
    show: ({ block, position }: { block: number | null; position: number | null }) => <Version ledger={ledger} block={block} position={position} />,
  };
  const collection = { key: 'collection', title: t('column.collection'), show: (row: { collection: string }) => <Untrusted text={row.collection} /> };
  const keyHash = { key: 'keyHash', title: t('column.keyHash'), show: (row: { keyHash: string }) => <bdi className={css.key}>{row.keyHash}</bdi> };
  const how = (row: { isPurge: boolean; isDelete: boolean }): string => (row.isPurge ? t('purged') : row.isDelete ? t('deleted') : t('written'));
  return (
    <>
      <Part title={t('writes')} note={validation.valid ? t('writesNote') : t('writesNoEffect')} shown={writes.length} all={counts.writes} flush={false}>
        {writes.map((write) => (
          <div key={`${write.contract} ${write.key}`} className={css.item}>
            <div className={css.itemHead}>
              <LedgerKey place={ledger} contract={write.contract} ledgerKey={write.key} length={write.keyLength} />
              <Untrusted text={write.contract} />
              {write.isDelete && <strong>{t('deleted')}</strong>}
            </div>
            {write.value && <LedgerBytes bytes={write.value} what={t('valueOf', { key: visibleKey(write.key).slice(0, 80) })} />}
          </div>
        ))}
      </Part>
      <Part title={t('reads')} note={t('readsNote')} shown={reads.length} all={counts.reads}>
        <DataTable caption={t('reads')} columns={[key, contract, version]} rows={reads} keyOf={(row) => `${row.contract} ${row.key}`} />
      </Part>
      <Part title={t('rangeReads')} note={t('rangeReadsNote')} shown={rangeReads.length} all={counts.rangeQueries}>
        <DataTable
          caption={t('rangeReads')}
          columns={[
            contract,
            { key: 'start', title: t('column.startKey'), show: ({ startKey }) => (startKey === '' ? t('fromBeginning') : <bdi className={css.key}>{visibleKey(startKey)}</bdi>) },
            { key: 'end', title: t('column.endKey'), show: ({ endKey }) => (endKey === '' ? t('toEnd') : <bdi className={css.key}>{visibleKey(endKey)}</bdi>) },
            { key: 'keys', title: t('column.found'), show: ({ keys }) => (keys === null ? t('hashesOnly') : format.number(keys)), number: true },
            { key: 'exhausted', title: t('column.exhausted'), show: ({ exhausted }) => (exhausted ? t('yes') : t('no')) },
          ]}
          rows={rangeReads}
          keyOf={(row) => `${row.contract} ${row.startKey} ${row.endKey} ${row.keys}`}
        />
      </Part>
      <Part title={t('privateWrites')} note={t('privateNote')} shown={privateWrites.length} all={counts.privateWrites}>
        <DataTable
          caption={t('privateWrites')}
          columns={[
            collection,
            contract,
            { key: 'how', title: t('column.kind'), show: how },
            keyHash,
            { key: 'valueHash', title: t('column.valueHash'), show: ({ valueHash }) => (valueHash === null ? '–' : <bdi className={css.key}>{valueHash}</bdi>) },
          ]}
          rows={privateWrites}
          keyOf={(row) => `${row.contract} ${row.collection} ${row.keyHash}`}
        />
      </Part>
      <Part title={t('privateReads')} note={t('privateNote')} shown={privateReads.length} all={counts.privateReads}>
        <DataTable caption={t('privateReads')} columns={[collection, contract, keyHash, version]} rows={privateReads} keyOf={(row) => `${row.contract} ${row.collection} ${row.keyHash}`} />
      </Part>
      <Part title={t('metadataWrites')} note={t('metadataNote')} shown={metadataWrites.length} all={counts.metadataWrites}>
        <DataTable
          caption={t('metadataWrites')}
          columns={[key, contract, { key: 'names', title: t('column.set'), show: ({ names }) => <Untrusted text={format.list(names)} code /> }]}
          rows={metadataWrites}
          keyOf={(row) => `${row.contract} ${row.key}`}
        />
      </Part>
    </>
  );
}
