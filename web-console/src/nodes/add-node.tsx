import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { nodesPath } from '../app/paths.ts';
import type { ConsortiumNow } from '../consortia/consortium-context.ts';
import { ConsortiumPage } from '../consortia/consortium-page.tsx';
import { AddNodeDocument, type AddNodeMutation } from '../graphql/generated/graphql.ts';
import { PlanShown } from '../operations/plan-shown.tsx';
import { usePlannedAction } from '../operations/use-planned-action.ts';
import { useWhyNoPlan } from '../operations/use-why-no-plan.ts';
import { atFields } from '../ui/at-fields.tsx';
import { Explained } from '../ui/explained.tsx';
import { Panel } from '../ui/panel.tsx';
import { freePeerName, inputOfPeer, type PeerDraft } from './peer-draft.ts';
import { PeerForm } from './peer-form.tsx';
import css from './nodes.module.css';

const fields = ['member', 'name', 'channels', 'cpu', 'memory', 'storage', 'storageClass'] as const;
const begun = ({ addNode }: AddNodeMutation) => addNode;

function Body({ consortium }: { consortium: ConsortiumNow }) {
  const { t } = useTranslation('nodes');
  const whyNoPlan = useWhyNoPlan();
  const [search] = useSearchParams();
  const namesOf = (member: string): string[] => consortium.nodes.filter((node) => node.member === member).map(({ name }) => name);
  const [draft, setDraft] = useState<PeerDraft>(() => {
    const member = consortium.members.find(({ name }) => name === search.get('member'))?.name ?? consortium.members[0]?.name ?? '';
    return { member, name: freePeerName(namesOf(member)), channels: undefined, cpu: '', memory: '', storage: '', storageClass: '' };
  });
  const addition = usePlannedAction(AddNodeDocument, inputOfPeer(consortium.name, draft), begun);
  const { errorOf, elsewhere } = atFields(addition.problems, fields);
  const notLive = consortium.state === 'live' ? undefined : t('whyNotLive');
  const why = notLive ?? whyNoPlan(addition);
  return (
    <>
      <Panel title={t('peer')}>
        <PeerForm consortium={consortium} draft={draft} errorOf={errorOf} onChange={(change) => setDraft({ ...draft, ...change })} nameFor={(member) => freePeerName(namesOf(member))} />
      </Panel>
      <Panel title={t('plan')}>
        <PlanShown of={addition} problems={elsewhere} />
        <div className={css.apart}>
          <Explained why={why} type="primary" size="large" loading={addition.busy} onClick={() => void addition.act()}>
            {t('add')}
          </Explained>
        </div>
      </Panel>
    </>
  );
}

/** Another peer of a member, and what it comes to before it is there. */
export function AddNode() {
  const { t } = useTranslation('nodes');
  const { name: consortium = '' } = useParams();
  return (
    <ConsortiumPage title={t('add')} crumbs={[{ title: t('title'), to: nodesPath(consortium) }]} lead={() => t('addLead')}>
      {(known) => <Body key={known.id} consortium={known} />}
    </ConsortiumPage>
  );
}
