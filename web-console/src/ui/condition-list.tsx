import { Moment } from './moment.tsx';
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

/** What a controller says of an object, as it says it. */
export function ConditionList({ conditions }: { conditions: readonly Condition[] }) {
  return (
    <ul className={css.conditions} lang="en">
      {conditions.map((condition) => (
        <li key={condition.type}>
          <Status tone={toneOf(condition)}>{condition.type === condition.reason ? condition.type : `${condition.type}: ${condition.reason}`}</Status> <Moment at={condition.lastTransitionTime} />
          <div>
            <bdi>{condition.message}</bdi>
          </div>
        </li>
      ))}
    </ul>
  );
}
