import { Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsortiumNow } from '../consortia/consortium-context.ts';
import { ContractMemberLogDocument } from '../graphql/generated/graphql.ts';
import { mapLive } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { Empty } from '../ui/empty.tsx';
import { Field } from '../ui/field.tsx';
import { LivePart } from '../ui/panel.tsx';
import { useClearing } from '../ui/use-clearing.tsx';
import css from './contracts.module.css';

const refreshMs = 5000;
const lines = 200;

/** What a member's instance of the contract wrote. */
export function MemberLog({ contract }: { contract: ConsortiumNow['contracts'][number] }) {
  const { t } = useTranslation('contracts');
  const clearing = useClearing();
  const [chosen, setChosen] = useState<string>();
  const [search, setSearch] = useState('');
  const [previous, setPrevious] = useState(false);
  const member = chosen ?? contract.members[0]?.name;
  const live = useQuery(ContractMemberLogDocument, { id: contract.id, lines, previous, search: search || null }, { everyMs: refreshMs });
  const log = mapLive(live, (data) => data.contract.members.find(({ name }) => name === member)?.log ?? []);
  return (
    <>
      <div className={css.fields}>
        <Field label={t('member')}>
          {({ id }) => <Select id={id} value={member ?? null} onChange={setChosen} options={contract.members.map(({ name }) => ({ value: name, label: name }))} />}
        </Field>
        <Field label={t('log.search')}>
          {({ id }) => <Input.Search id={id} allowClear={clearing} onSearch={setSearch} maxLength={200} spellCheck={false} enterButton={t('log.find')} />}
        </Field>
      </div>
      <Checkbox checked={previous} onChange={(event) => setPrevious(event.target.checked)}>
        {t('log.previous')}
      </Checkbox>
      <LivePart live={log} waiting={t('log.waiting')} empty={{ when: (entries) => entries.length === 0, show: <Empty title={search ? t('log.noMatch') : t('log.none')} /> }}>
        {(entries) => (
          <pre className={css.log} lang="en" tabIndex={0} aria-label={t('log.title')}>
            {entries.map(({ text }) => text).join('\n')}
          </pre>
        )}
      </LivePart>
    </>
  );
}
