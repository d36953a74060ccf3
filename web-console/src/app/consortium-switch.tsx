import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { ConsortiumNamesDocument } from '../graphql/generated/graphql.ts';
import { dataOf } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { consortiumPath } from './paths.ts';
import css from './layout.module.css';

const refreshMs = 10_000;

/** To another consortium, from wherever one is. */
export function ConsortiumSwitch({ current, onChosen }: { current: string | undefined; onChosen: (() => void) | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const names = dataOf(useQuery(ConsortiumNamesDocument, { first: 100 }, { everyMs: refreshMs }))?.consortia.edges.map(({ node }) => node.name) ?? [];
  return (
    <Select
      className={css.switcherSelect ?? ''}
      aria-label={t('navigation.switch')}
      placeholder={t('navigation.switch')}
      value={current ?? null}
      showSearch
      options={(current !== undefined && !names.includes(current) ? [current, ...names] : names).map((name) => ({ value: name, label: name }))}
      notFoundContent={t('navigation.none')}
      onChange={(name: string) => {
        void navigate(consortiumPath(name));
        onChosen?.();
      }}
    />
  );
}
