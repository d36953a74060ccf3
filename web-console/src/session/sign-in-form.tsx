import { Button, Input } from 'antd';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../graphql/problem.ts';
import { Field } from '../ui/field.tsx';
import { Problems } from '../ui/problems.tsx';
import { useSession } from './session-context.ts';

/** The token is exchanged for a cookie and forgotten. */
export function SignInForm({ problems }: { problems: readonly ApiProblem[] }) {
  const { t } = useTranslation('session');
  const { signIn } = useSession();
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState(false);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setMissing(token.trim() === '');
    if (token.trim() === '' || busy) return;
    setBusy(true);
    await signIn({ token: token.trim() });
    setToken('');
    setBusy(false);
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Field label={t('token')} hint={t('tokenHint')} error={missing ? t('tokenMissing') : undefined}>
        {(ids) => <Input.Password {...ids} value={token} onChange={(event) => setToken(event.target.value)} autoComplete="off" autoFocus maxLength={200} />}
      </Field>
      {problems.length > 0 && <Problems problems={problems} />}
      <Button type="primary" htmlType="submit" loading={busy} block>
        {t('signIn')}
      </Button>
    </form>
  );
}
