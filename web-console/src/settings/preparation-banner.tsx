import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { PlatformPreparationDocument } from '../graphql/generated/graphql.ts';
import { dataOf } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { ServerText } from '../ui/server-text.tsx';

/** Asked for now and then, as a subscription would hold one of the six connections of every page. */
const refreshMs = 10_000;

/** On every page, what is not there yet or waits for somebody. */
export function PreparationBanner() {
  const { t } = useTranslation('settings');
  const steps = dataOf(useQuery(PlatformPreparationDocument, {}, { everyMs: refreshMs }))?.platform.preparation ?? [];
  const step = steps.find(({ state }) => state === 'waiting') ?? steps.find(({ state }) => state !== 'succeeded');
  if (!step) return null;
  const waits = step.state === 'waiting';
  return (
    <Alert
      banner
      type={waits ? 'error' : 'info'}
      title={
        <>
          {waits ? t('banner.waiting') : t('banner.running')} <ServerText text={step.title} />: <ServerText text={step.message} />{' '}
          <Link to="/settings">{t('banner.more')}</Link>
        </>
      }
    />
  );
}
