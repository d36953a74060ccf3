import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { nodesPath, operationPath } from '../app/paths.ts';
import type { ConsortiumNow } from '../consortia/consortium-context.ts';
import { ConsortiumPage } from '../consortia/consortium-page.tsx';
import { AddNodeDocument } from '../graphql/generated/graphql.ts';
import { useAction } from '../graphql/use-action.ts';
import { useIdempotencyKey } from '../graphql/use-idempotency-key.ts';
import { OperationPlan, type PlanInWords } from '../operations/operation-plan.tsx';
import { atFields } from '../ui/at-fields.tsx';
import { Explained } from '../ui/explained.tsx';
import { Panel } from '../ui/panel.tsx';
import { Problems } from '../ui/problems.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { freePeerName, inputOfPeer, type PeerDraft } from './peer-draft.ts';
import { PeerForm } from './peer-form.tsx';
import { useSettled } from './use-settled.ts';
import css from './nodes.module.css';

const fields = ['member', 'name', 'channels', 'cpu', 'memory', 'storage', 'storageClass'] as const;

function Body({ consortium }: { consortium: ConsortiumNow }) {
  const { t } = useTranslation('nodes');
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const namesOf = (member: string): string[] => consortium.nodes.filter((node) => node.member === member).map(({ name }) => name);
  const [draft, setDraft] = useState<PeerDraft>(() => {
    const member = consortium.members.find(({ name }) => name === search.get('member'))?.name ?? consortium.members[0]?.name ?? '';
    return { member, name: freePeerName(namesOf(member)), channels: undefined, cpu: '', memory: '', storage: '', storageClass: '' };
  });
  const { run: ask, problems: refused } = useAction(AddNodeDocument);
  const addition = useAction(AddNodeDocument);
  const keyFor = useIdempotencyKey();
  const input = useMemo(() => inputOfPeer(consortium.name, draft), [consortium.name, draft]);
  const asked = JSON.stringify(input);
  const settled = useSettled(asked);
  const [planned, setPlanned] = useState<{ asked: string; plan: PlanInWords | undefined }>();

  useEffect(() => {
    let over = false;
    const look = async (): Promise<void> => {
      const answer = await ask({ input: JSON.parse(settled) as typeof input, dryRun: true });
      if (!over) setPlanned({ asked: settled, plan: answer?.addNode.plan });
    };
    void look();
    return () => {
      over = true;
    };
  }, [ask, settled]);

  const add = async (): Promise<void> => {
    const answer = await addition.run({ input, idempotencyKey: keyFor(input) });
    const id = answer?.addNode.operation?.id;
    if (id !== undefined) void navigate(operationPath(id));
  };
  const isAnswered = planned?.asked === asked;
  const plan = isAnswered ? planned.plan : undefined;
  const problems = isAnswered ? [...refused, ...addition.problems] : [];
  const { errorOf, elsewhere } = atFields(problems, fields);
  const notLive = consortium.state === 'live' ? undefined : t('whyNotLive');
  const why = notLive ?? (!isAnswered ? t('whyPlanning') : plan ? undefined : t('whyRefused'));
  return (
    <>
      <Panel title={t('peer')}>
        <PeerForm consortium={consortium} draft={draft} errorOf={errorOf} onChange={(change) => setDraft({ ...draft, ...change })} nameFor={(member) => freePeerName(namesOf(member))} />
      </Panel>
      <Panel title={t('plan')}>
        {elsewhere.length > 0 && <Problems problems={elsewhere} />}
        {plan && <OperationPlan plan={plan} />}
        {!isAnswered && <Waiting words={t('planning')} />}
        {isAnswered && !plan && elsewhere.length === 0 && <p role="status">{t('whyRefused')}</p>}
        <div className={css.apart}>
          <Explained why={why} type="primary" size="large" loading={addition.busy} onClick={() => void add()}>
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
