import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Problems } from '../../ui/problems.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { Status } from '../../ui/status.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import type { Check, Checked } from './use-check.ts';
import css from '../contracts.module.css';

type Problem = Check['problems'][number];

/** What is wrong, what it is about, and what to do; a press leads to the place. */
function ProblemList({ problems, onJump }: { problems: readonly Problem[]; onJump: (problem: Problem) => void }) {
  const { t } = useTranslation('source');
  return (
    <ul className={css.problemList}>
      {problems.map((problem) => {
        const { severity, rule, file, line, column, message, nextAction } = problem;
        const isWarning = severity === 'warning';
        return (
          <li key={`${rule} ${file ?? ''} ${line ?? ''} ${column ?? ''} ${message}`}>
            <Status tone={isWarning ? 'warn' : 'bad'}>{isWarning ? t('warning') : t('error')}</Status> <bdi className={css.mono}>{rule}</bdi>{' '}
            {file !== null && (
              <Button type="link" className={css.jump ?? ''} onClick={() => onJump(problem)}>
                <bdi>{`${file}:${line ?? 1}:${column ?? 1}`}</bdi>
              </Button>
            )}
            <div><ServerText text={message} /></div>
            <div className={css.next}><ServerText text={nextAction} /></div>
          </li>
        );
      })}
    </ul>
  );
}

export function Verdict({ checked, onJump }: { checked: Checked; onJump: (problem: Problem) => void }) {
  const { t } = useTranslation('source');
  const format = useFormat();
  const { check, current, problems, retrying, again } = checked;
  if (problems.length > 0) {
    return (
      <>
        <Problems problems={problems} />
        {retrying ? <Waiting words={t('checkingAgain')} atOnce /> : <Button onClick={again}>{t('checkAgain')}</Button>}
      </>
    );
  }
  const errors = check?.problems.filter(({ severity }) => severity !== 'warning').length ?? 0;
  return (
    <>
      <p role="status">
        {!check || !current ? <Status tone="busy">{t('checking')}</Status> : check.ok ? <Status tone="good">{t('builds')}</Status> : <Status tone="bad">{t('errors', { count: errors })}</Status>}
      </p>
      {check?.digest && current && <Facts facts={[{ term: t('digest'), value: <Copyable text={check.digest} what={t('digest')} /> }, { term: t('size'), value: t('bytes', { count: check.size ?? 0, bytes: format.number(check.size ?? 0) }) }]} />}
      {check && <ProblemList problems={check.problems} onJump={onJump} />}
    </>
  );
}
