import { useTranslation } from 'react-i18next';
import { AppearanceControls } from '../app/appearance-controls.tsx';
import mark from '../app/guildhall.svg';
import type { ApiProblem } from '../graphql/problem.ts';
import { SignInForm } from './sign-in-form.tsx';
import css from './sign-in.module.css';

export function SignIn({ problems }: { problems: readonly ApiProblem[] }) {
  const { t } = useTranslation('session');
  return (
    <div className={css.page}>
      <header className={css.top}>
        <AppearanceControls />
      </header>
      <main className={css.main}>
        <div className={css.card}>
          <img src={mark} alt="" width={40} height={40} />
          <h1>{t('title')}</h1>
          <p className={css.lead}>{t('lead')}</p>
          <SignInForm problems={problems} />
          <p className={css.link}>
            {t('linkHint')} <code>npm run sign-in</code>
          </p>
        </div>
      </main>
    </div>
  );
}
