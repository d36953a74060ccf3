import { createContext, useContext, type ReactNode } from 'react';
import type { Draft } from './draft.ts';
import type { NameCheck } from './use-name-check.ts';

export interface DraftControl {
  draft: Draft;
  change: (change: (draft: Draft) => Draft) => void;
  /** Whether another consortium has the name. */
  nameCheck: NameCheck;
  /** What is wrong with the field at this path of the input, as found here or by the API. */
  errorAt: (path: string) => ReactNode;
}

export const DraftContext = createContext<DraftControl | undefined>(undefined);

export function useDraft(): DraftControl {
  const control = useContext(DraftContext);
  if (!control) throw new Error('there is no draft above this component');
  return control;
}
