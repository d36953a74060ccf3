import { useTranslation } from 'react-i18next';
import { Status } from '../ui/status.tsx';

export function ReadyStatus({ ready }: { ready: boolean }) {
  const { t } = useTranslation('consortium');
  return ready ? <Status tone="good">{t('ready')}</Status> : <Status tone="busy">{t('notReady')}</Status>;
}
