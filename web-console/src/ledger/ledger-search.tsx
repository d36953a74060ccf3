import { SearchOutlined } from '@ant-design/icons';
import { Input, Select } from 'antd';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Explained } from '../ui/explained.tsx';
import { useClearing } from '../ui/use-clearing.tsx';
import { blockPath, keyPath, transactionPath } from './ledger-paths.ts';
import { searchTarget, type SearchTarget } from './search-target.ts';
import type { Ledger } from './use-ledger.ts';
import css from './ledger.module.css';

function pathOf(ledger: Ledger, target: SearchTarget, contract: string | undefined): string | undefined {
  if (target.kind === 'transaction') return transactionPath(ledger, target.id);
  if (target.kind === 'block') return blockPath(ledger, target.number);
  return target.kind === 'key' && contract !== undefined ? keyPath(ledger, contract, target.key) : undefined;
}

/** One field for a transaction's id, a block's number and a key; it says as which it understands what is typed. */
export function LedgerSearch({ ledger }: { ledger: Ledger }) {
  const { t } = useTranslation('ledger');
  const clearing = useClearing();
  const navigate = useNavigate();
  const note = useId();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<string>();
  const contract = chosen ?? ledger.contracts[0];
  const target = searchTarget(typed);
  const path = pathOf(ledger, target, contract);
  const why = target.kind === 'nothing' ? t('search.nothing') : path === undefined ? t('search.noContract') : undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (path !== undefined) void navigate(path);
  };
  return (
    <form className={css.search} role="search" onSubmit={submit}>
      <Input
        aria-label={t('search.label')}
        aria-describedby={note}
        placeholder={t('search.label')}
        prefix={<SearchOutlined aria-hidden />}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        maxLength={65_536}
        allowClear={clearing}
        autoComplete="off"
        spellCheck={false}
      />
      {target.kind === 'key' && ledger.contracts.length > 0 && (
        <Select
          className={css.searchWhere ?? ''}
          aria-label={t('search.contract')}
          value={contract ?? null}
          options={ledger.contracts.map((name) => ({ value: name, label: name }))}
          onChange={setChosen}
        />
      )}
      <Explained why={why} htmlType="submit">
        {t('search.go')}
      </Explained>
      <p id={note} className={css.searchNote} role="status">
        {target.kind === 'nothing' ? '' : t(`search.as.${target.kind}`)}
      </p>
    </form>
  );
}
