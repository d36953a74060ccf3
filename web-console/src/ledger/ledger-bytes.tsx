import { useTranslation } from 'react-i18next';
import type { LedgerValueFragment } from '../graphql/generated/graphql.ts';
import { useFormat } from '../i18n/use-format.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { readable } from './readable.ts';
import css from './ledger.module.css';

/** Bytes of the ledger, whatever they are: what form they have, how many there are, and whether all of them are shown. */
export function LedgerBytes({ bytes, what }: { bytes: LedgerValueFragment; what: string }) {
  const { t } = useTranslation('ledger');
  const format = useFormat();
  const { form, text } = readable(bytes);
  if (form === 'empty') return <span className={css.muted}>{t('bytes.empty')}</span>;
  return (
    <div>
      <div className={css.bytesHead}>
        <span>{t(`bytes.form.${form}`)}</span>
        <span>{t('bytes.length', { count: bytes.length, length: format.number(bytes.length) })}</span>
        {bytes.cut && <span className={css.bytesCut}>{t('bytes.cut')}</span>}
        <CopyButton text={bytes.value} what={what} />
      </div>
      <pre className={css.bytes} tabIndex={0} aria-label={what}>
        {text}
      </pre>
    </div>
  );
}
