import { DisconnectOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import css from './ui.module.css';

/** What is shown below is what was so; it becomes true again by itself. */
export function ConnectionLost({ since }: { since: Date }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className={css.stale} role="status">
      <DisconnectOutlined aria-hidden />
      <span>{t('connection.lost', { time: format.time(since) })}</span>
    </div>
  );
}
