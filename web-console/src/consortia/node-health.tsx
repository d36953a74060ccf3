import { useTranslation } from 'react-i18next';
import { ServerText } from '../ui/server-text.tsx';
import { Status } from '../ui/status.tsx';
import { nodeState, toneOfNode } from './node-state.ts';

export function NodeHealth({ health }: { health: { readonly state: string; readonly message: string } | null }) {
  const { t } = useTranslation('consortium');
  const state = nodeState(health);
  return (
    <>
      <Status tone={toneOfNode[state]}>{t(`nodeHealth.${state}`)}</Status>
      {state !== 'Healthy' && health && health.message !== '' && <div><ServerText text={health.message} /></div>}
    </>
  );
}
