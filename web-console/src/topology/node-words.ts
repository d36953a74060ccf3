import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import type { NodeCard } from './model.ts';

export interface NodeWords {
  role: (role: string) => string;
  state: (state: NodeCard['state']) => string;
  /** All that the drawing tells of a node. */
  describe: (card: NodeCard) => string;
}

export function useNodeWords(): NodeWords {
  const { t } = useTranslation('topology');
  const format = useFormat();
  const role = (name: string): string => (name === 'peer' || name === 'orderer' ? t(`role.${name}`) : name);
  const state = (name: NodeCard['state']): string => t(`state.${name}`);
  return {
    role,
    state,
    describe: ({ member, name, role: of, state: is, version, lag, expiresInDays, leads }) =>
      [
        `${member}/${name}`,
        role(of),
        state(is),
        ...(leads.length > 0 ? [t('leads', { channels: format.list(leads) })] : []),
        ...(lag > 0 ? [t('behind', { count: lag })] : []),
        ...(expiresInDays === undefined ? [] : [expiresInDays < 0 ? t('certificateExpired') : t('certificateDays', { count: expiresInDays })]),
        ...(version === null ? [] : [t('versionIs', { version })]),
      ].join(t('separator')),
  };
}
