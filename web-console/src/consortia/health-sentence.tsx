import { useTranslation } from 'react-i18next';
import { Status } from '../ui/status.tsx';
import { healthOf, type ConsortiumParts } from './health.ts';

export function HealthSentence({ consortium }: { consortium: ConsortiumParts }) {
  const { t } = useTranslation('consortium');
  const { tone, sentence, count, all } = healthOf(consortium);
  return <Status tone={tone}>{t(`health.${sentence}`, { count, all })}</Status>;
}
