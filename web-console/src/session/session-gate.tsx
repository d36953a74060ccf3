import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { loadLater } from '../app/load-later.ts';
import { once } from '../once.ts';
import { Waiting } from '../ui/waiting.tsx';
import { useSession } from './session-context.ts';

// Who is signed in needs neither. The dialog is there before it is wanted: by then Guildhall may be another version, or gone.
const SignIn = lazy(() => import('./sign-in.tsx').then(({ SignIn }) => ({ default: SignIn })));
const signInAgain = once(() => loadLater(() => import('./sign-in-again.tsx')));
const SignInAgain = lazy(async () => ({ default: (await signInAgain()).SignInAgain }));

/** Pages for who is signed in. Whoever signs in is where he was: the address does not change, and what was typed stays. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { t } = useTranslation('session');
  const { session } = useSession();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const isIn = session.state === 'in';
  useEffect(() => {
    if (isIn) void signInAgain();
  }, [isIn]);
  useEffect(() => {
    if (isIn && pathname === '/sign-in') void navigate('/', { replace: true });
  }, [isIn, pathname, navigate]);

  if (session.state === 'asking') return <Waiting words={t('asking')} page />;
  if (session.state === 'unreachable') return <Waiting words={t('unreachable')} page atOnce />;
  if (session.state === 'out') return <SignIn problems={session.problems} />;
  return (
    <>
      {children}
      {session.state === 'expired' && (
        <Suspense fallback={null}>
          <SignInAgain problems={session.problems} />
        </Suspense>
      )}
    </>
  );
}
