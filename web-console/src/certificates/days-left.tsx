import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import { Status } from '../ui/status.tsx';
import { daysLeft, expiryTone } from './expiry.ts';

export function DaysLeft({ notAfter }: { notAfter: string }) {
  const { t } = useTranslation('certificates');
  const format = useFormat();
  const days = daysLeft(notAfter, new Date());
  const words = days < 0 ? t('expired') : t('daysLeft', { count: days, days: format.number(days) });
  return (
    <span title={format.dateTime(notAfter)}>
      <Status tone={expiryTone(days)}>{words}</Status>
    </span>
  );
}
