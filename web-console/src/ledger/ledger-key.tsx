import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '../i18n/use-format.ts';
import { keyPath, type LedgerPlace } from './ledger-paths.ts';
import { visibleKey } from './readable.ts';
import css from './ledger.module.css';

/** A key with the way to its history; what is shown of a very long one leads nowhere. */
export function LedgerKey({ place, contract, ledgerKey, length }: { place: LedgerPlace; contract: string; ledgerKey: string; length: number }) {
  const { t } = useTranslation('ledger');
  const format = useFormat();
  const cut = length > ledgerKey.length;
  const text = <bdi className={css.key}>{visibleKey(ledgerKey)}</bdi>;
  return cut ? (
    <>
      {text} <span className={css.bytesCut}>{t('keyCut', { length: format.number(length) })}</span>
    </>
  ) : (
    <Link to={keyPath(place, contract, ledgerKey)} title={t('toHistory')}>
      {text}
    </Link>
  );
}
