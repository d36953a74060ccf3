import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { addNodePath } from '../app/paths.ts';
import { ConsortiumPage } from '../consortia/consortium-page.tsx';
import { MemberFilter } from '../consortia/member-filter.tsx';
import { NodeTable } from '../consortia/node-table.tsx';
import { Empty } from '../ui/empty.tsx';
import { Explained } from '../ui/explained.tsx';
import { Panel } from '../ui/panel.tsx';

/** The nodes of a consortium, or those of one member. */
export function Nodes() {
  const { t } = useTranslation('nodes');
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const member = search.get('member');
  return (
    <ConsortiumPage
      title={t('title')}
      lead={() => t('lead')}
      actions={({ name, state }) => (
        <Explained type="primary" why={state === 'live' ? undefined : t('whyNotLive')} onClick={() => void navigate(addNodePath(name))}>
          {t('add')}
        </Explained>
      )}
    >
      {({ name, members, nodes }) => {
        const shown = nodes.filter((node) => member === null || node.member === member);
        return (
          <Panel title={t('list')} flush extra={<MemberFilter members={members} />}>
            {shown.length === 0 && nodes.length > 0 ? <Empty title={t('noneOf')} /> : <NodeTable consortium={name} nodes={shown} />}
          </Panel>
        );
      }}
    </ConsortiumPage>
  );
}
