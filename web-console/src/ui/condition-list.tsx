import { useTranslation } from 'react-i18next';
import { Moment } from './moment.tsx';
import { ServerText } from './server-text.tsx';
import { Status, type Tone } from './status.tsx';
import css from './ui.module.css';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

const toneOf = ({ status }: Condition): Tone => (status === 'True' ? 'good' : status === 'False' ? 'warn' : 'pending');

const types = ['Ready', 'Reconciling', 'Stalled', 'Degraded'] as const;

/** What a controller says of an object; its reason is a code, as kubectl shows it. */
export function ConditionList({ conditions }: { conditions: readonly Condition[] }) {
  const { t } = useTranslation();
  const titleOf = (type: string): string => {
    const known = types.find((candidate) => candidate === type);
    return known ? t(`condition.${known}`) : type;
  };
  return (
    <ul className={css.conditions}>
      {conditions.map((condition) => (
        <li key={condition.type}>
          <Status tone={toneOf(condition)}>{titleOf(condition.type)}</Status> {condition.type !== condition.reason && <code>{condition.reason}</code>} <Moment at={condition.lastTransitionTime} />
          <div>
            <ServerText text={condition.message} />
          </div>
        </li>
      ))}
    </ul>
  );
}
