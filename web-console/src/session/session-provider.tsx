import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { createClient } from '../graphql/client.ts';
import { ClientContext } from '../graphql/client-context.ts';
import { problemsOf, type ApiProblem } from '../graphql/problem.ts';
import type { Credential, Session, SessionApi } from './session.ts';
import { SessionContext, type SessionControl, type SessionState } from './session-context.ts';

const askAgainMs = 2000;

const withoutSession = (before: SessionState, problems: readonly ApiProblem[]): SessionState =>
  before.state === 'in' || before.state === 'expired' ? { state: 'expired', session: before.session, problems } : { state: 'out', problems };

interface Properties {
  api: SessionApi;
  /** Of the link that the page was opened by. */
  code: string | undefined;
  /** What was asked before there was a page to show it on. */
  atStart: Promise<Session | undefined> | undefined;
  /** The answer to that, when it has come already. */
  known: Session | undefined;
  /** Of the API's requests. */
  send: (url: string, init: RequestInit) => Promise<Response>;
  children: ReactNode;
}

export function SessionProvider({ api, code, atStart, known, send, children }: Properties) {
  const [session, setSession] = useState<SessionState>(known ? { state: 'in', session: known } : { state: 'asking' });
  const [epoch, setEpoch] = useState(0);

  const look = useCallback(async (asked?: Promise<Session | undefined>): Promise<void> => {
    const found = await (asked ?? api.current());
    setSession((before) => (found ? { state: 'in', session: found } : withoutSession(before, [])));
    if (found) setEpoch((count) => count + 1);
  }, [api]);

  const signIn = useCallback(
    async (credential: Credential): Promise<void> => {
      try {
        await api.begin(credential);
        await look();
      } catch (error) {
        setSession((before) => withoutSession(before, problemsOf(error)));
      }
    },
    [api, look],
  );

  const signOut = useCallback(async (): Promise<void> => {
    await api.end();
    setSession({ state: 'out', problems: [] });
  }, [api]);

  useEffect(() => {
    if (known) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const first = async (asked?: Promise<Session | undefined>): Promise<void> => {
      try {
        await look(asked);
      } catch {
        // Guildhall may just be starting: said on the page, and asked again.
        if (over) return;
        setSession({ state: 'unreachable' });
        timer = setTimeout(() => void first(), askAgainMs);
      }
    };
    void (code === undefined ? first(atStart) : signIn({ code }));
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [atStart, code, known, look, signIn]);

  const client = useMemo(
    () => createClient({ fetch: send, onUnauthenticated: () => setSession((before) => (before.state === 'in' ? withoutSession(before, []) : before)) }),
    [send],
  );
  const control = useMemo<SessionControl>(() => ({ session, epoch, signIn, signOut }), [session, epoch, signIn, signOut]);

  return (
    <SessionContext value={control}>
      <ClientContext value={client}>{children}</ClientContext>
    </SessionContext>
  );
}
