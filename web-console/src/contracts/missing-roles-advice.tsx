import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import { missingRoles } from './missing-roles.ts';
import css from './contracts.module.css';

/** Says which roles of a contract nobody has, before that is found out by a refusal. */
export function MissingRolesAdvice({ contract, roles, members }: { contract: string; roles: readonly string[]; members: readonly { readonly applicationRoles: readonly string[] }[] }) {
  const { t } = useTranslation('contracts');
  const format = useFormat();
  const missing = missingRoles(roles, members);
  if (missing.length === 0) return null;
  return <p className={css.advice}>{t('missingRoles', { count: missing.length, contract, roles: format.oneOf(missing) })}</p>;
}
