import { CheckCircleFilled, ClockCircleOutlined, CloseCircleFilled, ExclamationCircleFilled, LoadingOutlined, MinusCircleOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import css from './ui.module.css';

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'idle' | 'pending';

const icons: Record<Tone, ReactNode> = {
  good: <CheckCircleFilled />,
  busy: <LoadingOutlined />,
  warn: <ExclamationCircleFilled />,
  bad: <CloseCircleFilled />,
  idle: <MinusCircleOutlined />,
  pending: <ClockCircleOutlined />,
};

/** A state by form, word and colour: never by colour alone. */
export function Status({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={`${css.status} ${css[tone]}`}>
      <span aria-hidden>{icons[tone]}</span>
      <span>{children}</span>
    </span>
  );
}
