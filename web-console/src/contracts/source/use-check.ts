import { useEffect, useMemo, useState } from 'react';
import { CheckContractDocument, type CheckContractQuery } from '../../graphql/generated/graphql.ts';
import type { ApiProblem } from '../../graphql/problem.ts';
import { plannedOf } from '../../operations/planned.ts';
import { useDryRun } from '../../operations/use-dry-run.ts';
import { sourceOf, type Source } from './draft.ts';

export type Check = CheckContractQuery['checkContract'];

export interface Checked {
  check: Check | undefined;
  /** Whether it is of the source as it is now. */
  current: boolean;
  problems: readonly ApiProblem[];
  /** Whether it is being asked again by itself. */
  retrying: boolean;
  again: () => void;
}

/** The verdict on a source once typing has paused. What was said of an older text stays until the next is known. */
export function useCheck(source: Source): Checked {
  const asked = useMemo(() => JSON.stringify(sourceOf(source)), [source]);
  const [round, setRound] = useState(0);
  const known = useDryRun(
    asked,
    async (client, text, signal) => {
      const { entry, files } = JSON.parse(text) as Source;
      return (await client.request(CheckContractDocument, { input: { source: { entry, files: [...files] } } }, signal)).checkContract;
    },
    round,
  );
  const { plan: verdict, whyNoPlan, problems } = plannedOf({ asked, ...known, sent: undefined });
  const [last, setLast] = useState<Check>();
  useEffect(() => {
    if (verdict) setLast(verdict);
  }, [verdict]);
  return { check: verdict ?? last, current: verdict !== undefined, problems, retrying: whyNoPlan === 'retrying', again: () => setRound((before) => before + 1) };
}
