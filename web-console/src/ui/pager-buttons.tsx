import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import { Explained } from './explained.tsx';
import type { PagerProperties } from './pager.tsx';
import css from './ui.module.css';

export function PagerButtons({ pages, info }: PagerProperties) {
  const { t } = useTranslation();
  const format = useFormat();
  const { endCursor } = info;
  const firstPage = pages.number === 1 ? t('pager.isFirst') : undefined;
  return (
    <nav className={css.pager} aria-label={t('pager.label')}>
      <Explained size="small" why={firstPage} onClick={pages.first}>
        {t('pager.first')}
      </Explained>
      <Explained size="small" why={firstPage} onClick={pages.back}>
        {t('pager.back')}
      </Explained>
      <span>{t('pager.page', { number: format.number(pages.number) })}</span>
      <Explained size="small" why={info.hasNextPage && endCursor !== null ? undefined : t('pager.isLast')} onClick={() => endCursor !== null && pages.next(endCursor)}>
        {t('pager.next')}
      </Explained>
    </nav>
  );
}
