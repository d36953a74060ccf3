import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../graphql/problem.ts';
import { ServerText } from './server-text.tsx';
import { Untrusted } from './untrusted.tsx';
import css from './ui.module.css';

/** In the order of docs/api.md, and last those of the console itself. */
const knownCodes = [
  'UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'INVALID_INPUT', 'NOT_YET', 'DUPLICATE', 'IDEMPOTENCY_CONFLICT', 'BUSY', 'CONFLICT', 'CONFIRMATION_NEEDED',
  'INSUFFICIENT_RESOURCES', 'CONTRACT_REFUSED', 'TRANSACTION_REFUSED', 'LEDGER_UNAVAILABLE', 'UNAVAILABLE', 'TOO_COSTLY', 'INTERNAL', 'UNKNOWN_DOCUMENT',
  'UNREACHABLE', 'UNREADABLE', 'CONSOLE',
] as const;

/** What a code means; what the server says of the case stands below it. */
export function useProblemTitle(): (code: string) => string {
  const { t } = useTranslation();
  return (code) => {
    const known = knownCodes.find((candidate) => candidate === code);
    return known ? t(`problem.${known}`) : t('problem.other', { code });
  };
}

/** Why a contract refuses, and what to do then, it says itself. */
const Words = ({ problem, text, place }: { problem: ApiProblem; text: string; place?: string | undefined }): ReactNode =>
  problem.code === 'CONTRACT_REFUSED' ? <bdi>{text}</bdi> : <ServerText text={text} place={place} />;

/** @param atField whether it stands at the field that it is about, which has a name of its own */
export function ProblemDetails({ problem, atField = false }: { problem: ApiProblem; atField?: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <div className={css.problemMessage}>
        <Words problem={problem} text={problem.message} place={atField ? problem.path : undefined} />
      </div>
      {problem.nextAction && (
        <div className={css.problemNext}>
          {t('problem.next')}{' '}
          <Words problem={problem} text={problem.nextAction} />
        </div>
      )}
    </>
  );
}

/** @param where leads to what a problem is about, where it has a place */
export function Problems({ problems, where }: { problems: readonly ApiProblem[]; where?: (problem: ApiProblem) => ReactNode }) {
  const title = useProblemTitle();
  return (
    <div className={css.problems} role="alert">
      {problems.map((problem) => (
        <Alert
          key={`${problem.code} ${problem.path ?? ''} ${problem.message}`}
          type="error"
          showIcon
          title={title(problem.code)}
          description={
            <>
              <ProblemDetails problem={problem} />
              {problem.path && where?.(problem)}
              {problem.path && !where && <Untrusted text={problem.path} code />}
            </>
          }
        />
      ))}
    </div>
  );
}
