import { createContext, useContext } from 'react';
import type { ApiProblem } from '../graphql/problem.ts';
import type { Credential, Session } from './session.ts';

export type SessionState =
  | { state: 'asking' }
  | { state: 'unreachable' }
  | { state: 'out'; problems: readonly ApiProblem[] }
  | { state: 'in'; session: Session }
  /** It ended while pages were open: they stay as they are below the dialog for signing in again. */
  | { state: 'expired'; session: Session; problems: readonly ApiProblem[] };

export interface SessionControl {
  session: SessionState;
  /** Counts the sessions, so that what was refused is asked again under the next one. */
  epoch: number;
  signIn: (credential: Credential) => Promise<void>;
  signOut: () => Promise<void>;
}

export const SessionContext = createContext<SessionControl | undefined>(undefined);

export function useSession(): SessionControl {
  const control = useContext(SessionContext);
  if (!control) throw new Error('there is no session above this component');
  return control;
}
