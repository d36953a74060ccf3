import { useEffect, useMemo, useState } from 'react';
import { CheckContractDocument, type CheckContractQuery } from '../../graphql/generated/graphql.ts';
import type { ApiProblem } from '../../graphql/problem.ts';
import { useAction } from '../../graphql/use-action.ts';
import { sourceOf, type Source } from './draft.ts';

export type Check = CheckContractQuery['checkContract'];

const settleMs = 700;

/** The verdict on a source once typing has paused. What was said of an older text stays until the next is known, and is not `current`. */
export function useCheck(source: Source): { check: Check | undefined; current: boolean; problems: readonly ApiProblem[]; again: () => void } {
  const { run, problems } = useAction(CheckContractDocument);
  const text = useMemo(() => JSON.stringify(sourceOf(source)), [source]);
  const [known, setKnown] = useState<{ text: string; check: Check | undefined }>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    let over = false;
    const ask = async (): Promise<void> => {
      const parsed = JSON.parse(text) as Source;
      const answer = await run({ input: { source: { entry: parsed.entry, files: [...parsed.files] } } });
      if (!over) setKnown((before) => ({ text, check: answer?.checkContract ?? before?.check }));
    };
    const timer = setTimeout(() => void ask(), settleMs);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [run, text, round]);
  return { check: known?.check, current: known?.text === text && problems.length === 0, problems, again: () => setRound((before) => before + 1) };
}
