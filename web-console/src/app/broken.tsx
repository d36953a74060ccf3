import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Problems } from '../ui/problems.tsx';
import css from './layout.module.css';

/** The last resort: the page itself failed, or a part of a newer console could not be loaded into it. */
export function Broken({ error }: { error: Error }) {
  const { t } = useTranslation();
  return (
    <main className={css.broken}>
      <h1>{t('broken.title')}</h1>
      <Problems problems={[{ code: 'CONSOLE', message: error.message }]} />
      <Button type="primary" onClick={() => window.location.reload()}>
        {t('broken.reload')}
      </Button>
    </main>
  );
}
