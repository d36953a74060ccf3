import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../graphql/problem.ts';
import { Dialog } from '../ui/dialog.tsx';
import { SignInForm } from './sign-in-form.tsx';

/** Over a page whose session has ended. */
export function SignInAgain({ problems }: { problems: readonly ApiProblem[] }) {
  const { t } = useTranslation('session');
  return (
    <Dialog title={t('expired')} footer={null} closable={false} mask={{ closable: false }} keyboard={false}>
      <p>{t('expiredLead')}</p>
      <SignInForm problems={problems} />
    </Dialog>
  );
}
