import { useTranslation } from 'react-i18next';
import { Status } from '../ui/status.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { nodeState, toneOfNode } from './node-state.ts';

export function NodeHealth({ health }: { health: { readonly state: string; readonly message: string } | null }) {
  const { t } = useTranslation('consortium');
  const state = nodeState(health);
  return (
    <>
      <Status tone={toneOfNode[state]}>{t(`nodeHealth.${state}`)}</Status>
      {state !== 'Healthy' && health && health.message !== '' && <div lang="en"><Untrusted text={health.message} /></div>}
    </>
  );
}
