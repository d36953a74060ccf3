import { useTranslation } from 'react-i18next';
import type { LedgerBlockQuery } from '../graphql/generated/graphql.ts';
import { useFormat } from '../i18n/use-format.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Facts } from '../ui/facts.tsx';
import { Panel } from '../ui/panel.tsx';
import { ServerText } from '../ui/server-text.tsx';
import { Status, type Tone } from '../ui/status.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { Identity } from './identity.tsx';
import type { Ledger } from './use-ledger.ts';
import css from './ledger.module.css';

type Update = NonNullable<LedgerBlockQuery['block']['configUpdate']>;
type Change = Update['changes'][number];

const tones: Record<string, Tone> = { added: 'good', removed: 'bad', changed: 'warn' };

/** What a configuration block changed, in words, and who signed it. */
export function ConfigUpdate({ ledger, update }: { ledger: Ledger; update: Update }) {
  const { t } = useTranslation('ledger');
  const format = useFormat();
  const kind = (name: string): string => (name === 'added' || name === 'removed' || name === 'changed' ? t(`changeKind.${name}`) : name);
  const columns: Column<Change>[] = [
    { key: 'kind', title: t('column.kind'), show: (change) => <Status tone={tones[change.kind] ?? 'idle'}>{kind(change.kind)}</Status> },
    { key: 'words', title: t('column.change'), show: ({ words }) => <ServerText text={words} /> },
    { key: 'path', title: t('column.path'), show: ({ path }) => <Untrusted text={path} code /> },
    { key: 'policy', title: t('column.governedBy'), show: ({ governedBy }) => <Untrusted text={governedBy} code /> },
  ];
  return (
    <>
      <Panel title={t('configUpdate')}>
        <Facts
          facts={[
            { term: t('sequence'), value: format.number(update.sequence) },
            {
              term: t('signers'),
              value: update.signers.length === 0 ? t('noSigners') : update.signers.map((identity) => <div key={`${identity.mspId} ${identity.subject}`}><Identity ledger={ledger} identity={identity} /></div>),
            },
          ]}
        />
        <ul className={css.words}>
          {update.words.map((sentence) => (
            <li key={sentence}>
              <ServerText text={sentence} />
            </li>
          ))}
        </ul>
      </Panel>
      {update.changes.length > 0 && (
        <Panel title={t('changes')} flush>
          <DataTable caption={t('changes')} columns={columns} rows={update.changes} keyOf={({ kind: how, path, words }) => `${how} ${path} ${words}`} />
        </Panel>
      )}
    </>
  );
}
