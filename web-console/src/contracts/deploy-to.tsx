import { Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { ConsortiumNamesDocument } from '../graphql/generated/graphql.ts';
import { dataOf } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { Explained } from '../ui/explained.tsx';
import { Field } from '../ui/field.tsx';
import { soughtFor } from './paths.ts';

/** Leads to the deployment at a consortium that is chosen here. @param blocked why nothing can be deployed */
export function DeployTo({ pathOf, blocked }: { pathOf: (consortium: string) => string; blocked?: string | undefined }) {
  const { t } = useTranslation('contracts');
  const navigate = useNavigate();
  const names = dataOf(useQuery(ConsortiumNamesDocument, { first: 100 }))?.consortia.edges.filter(({ node }) => node.state === 'live').map(({ node }) => node.name);
  const [chosen, setChosen] = useState<string>();
  const [search] = useSearchParams();
  const sought = names?.find((name) => name === soughtFor(search));
  const consortium = chosen ?? sought ?? (names?.length === 1 ? names[0] : undefined);
  const why = blocked ?? (names?.length === 0 ? t('deployTo.none') : consortium === undefined ? t('deployTo.choose') : undefined);
  return (
    <Field label={t('deployTo.title')}>
      {({ id }) => (
        <Space.Compact block>
          <Select id={id} showSearch value={consortium ?? null} placeholder={t('deployTo.consortium')} onChange={setChosen} options={(names ?? []).map((name) => ({ value: name, label: name }))} />
          <Explained why={why} type="primary" onClick={() => consortium !== undefined && void navigate(pathOf(consortium))}>
            {t('deployTo.go')}
          </Explained>
        </Space.Compact>
      )}
    </Field>
  );
}
