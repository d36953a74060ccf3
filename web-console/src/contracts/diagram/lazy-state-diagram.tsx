import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Waiting } from '../../ui/waiting.tsx';
import type { ContractMetadata } from '../metadata.ts';

const Drawn = lazy(() => import('./state-diagram.tsx').then(({ StateDiagram }) => ({ default: StateDiagram })));

/** A chunk of its own: most pages do without a drawing. */
export function StateDiagram({ metadata }: { metadata: ContractMetadata }) {
  const { t } = useTranslation('contracts');
  return (
    <Suspense fallback={<Waiting words={t('states.waiting')} />}>
      <Drawn metadata={metadata} />
    </Suspense>
  );
}
