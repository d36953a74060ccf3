import { useTranslation } from 'react-i18next';
import type { ChannelSettingsQuery } from '../graphql/generated/graphql.ts';
import { useFormat } from '../i18n/use-format.ts';
import { Facts } from '../ui/facts.tsx';

type Settings = NonNullable<ChannelSettingsQuery['channel']['settings']>;

const mebi = 1024 * 1024;

/** What the members agreed on, with what it leads to. */
export function ChannelSettings({ settings }: { settings: Settings }) {
  const { t } = useTranslation('channels');
  const format = useFormat();
  const { batch, tickMs, electionTicks, capabilities } = settings;
  const bytes = (count: number): string => t('mebibytes', { size: format.number(Math.round((count / mebi) * 100) / 100) });
  const named = (names: readonly string[]): string => (names.length === 0 ? '–' : names.join(', '));
  return (
    <Facts
      facts={[
        { term: t('fact.timeout'), value: t('milliseconds', { time: format.number(batch.timeoutMs) }) },
        { term: t('fact.maxMessages'), value: format.number(batch.maxMessages) },
        { term: t('fact.preferredMaxBytes'), value: bytes(batch.preferredMaxBytes) },
        { term: t('fact.absoluteMaxBytes'), value: bytes(batch.absoluteMaxBytes) },
        ...(tickMs === null ? [] : [{ term: t('fact.tick'), value: t('milliseconds', { time: format.number(tickMs) }) }]),
        ...(tickMs === null || electionTicks === null ? [] : [{ term: t('fact.election'), value: t('milliseconds', { time: format.number(tickMs * electionTicks) }) }]),
        { term: t('fact.capabilities.channel'), value: named(capabilities.channel) },
        { term: t('fact.capabilities.orderer'), value: named(capabilities.orderer) },
        { term: t('fact.capabilities.application'), value: named(capabilities.application) },
        { term: t('fact.since'), value: t('block', { number: format.number(settings.blockNumber) }) },
      ]}
    />
  );
}
