import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useClearing } from '../ui/use-clearing.tsx';
import css from './consortia.module.css';

/** Which member is looked at; it stands in the address, so that a link shows the same. */
export function MemberFilter({ members }: { members: readonly { readonly name: string }[] }) {
  const { t } = useTranslation('consortium');
  const clearing = useClearing();
  const [search, setSearch] = useSearchParams();
  const choose = (member: string | undefined): void =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (member === undefined) next.delete('member');
      else next.set('member', member);
      return next;
    }, { replace: true });
  return (
    <Select
      className={css.filter ?? ''}
      aria-label={t('filterMember')}
      placeholder={t('allMembers')}
      value={search.get('member')}
      allowClear={clearing}
      showSearch
      options={members.map(({ name }) => ({ value: name, label: name }))}
      onChange={(member: string | undefined) => choose(member)}
    />
  );
}
