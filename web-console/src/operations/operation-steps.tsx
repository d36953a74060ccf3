import { useTranslation } from 'react-i18next';
import { Elapsed } from '../ui/moment.tsx';
import { ServerText } from '../ui/server-text.tsx';
import { knownState, toneOf } from './operation-state.ts';
import { OperationStatus } from './operation-status.tsx';
import { useOperationWords } from './operation-words.ts';
import type { OperationNow } from './operation.tsx';
import css from './operations.module.css';

type Step = OperationNow['steps'][number];

function StepDetail({ step }: { step: Step }) {
  const { t } = useTranslation('operations');
  if (step.state === 'pending') return null;
  return (
    <div className={css.stepDetail}>
      {step.message && <ServerText text={step.message} className={css.stepMessage} />}
      {step.attempt > 1 && <span>{t('attempt', { count: step.attempt })}</span>}
    </div>
  );
}

/** The steps in their order, each with what it waits for and the time it takes. */
export function OperationSteps({ operation }: { operation: OperationNow }) {
  const words = useOperationWords();
  return (
    <ol className={css.steps}>
      {operation.steps.map((step) => {
        const known = knownState(step.state);
        return (
          <li key={step.name} className={`${css.step} ${known ? css[toneOf[known]] : ''}`} aria-current={known && toneOf[known] === 'busy' ? 'step' : undefined}>
            <div className={css.stepLine}>
              <span className={css.stepTitle}>{words.step(operation.kind, step)}</span>
              <OperationStatus state={step.state} />
              <span className={css.stepTime}>{step.startedAt && <Elapsed from={step.startedAt} to={step.finishedAt} />}</span>
            </div>
            <StepDetail step={step} />
          </li>
        );
      })}
    </ol>
  );
}
