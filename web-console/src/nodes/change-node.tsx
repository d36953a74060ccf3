import { Button, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { operationPath } from '../app/paths.ts';
import { ChangeNodeDocument, NodeDetailDocument, type ChangeNodeInput, type NodeDetailQuery } from '../graphql/generated/graphql.ts';
import { useAction } from '../graphql/use-action.ts';
import { useIdempotencyKey } from '../graphql/use-idempotency-key.ts';
import { useQuery } from '../graphql/use-live.ts';
import { OperationPlan, type PlanInWords } from '../operations/operation-plan.tsx';
import { atFields } from '../ui/at-fields.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Explained } from '../ui/explained.tsx';
import { Field } from '../ui/field.tsx';
import { LivePart } from '../ui/panel.tsx';
import { Problems } from '../ui/problems.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { changeable, inputOfChange, type ChangeDraft } from './change-draft.ts';
import type { NodeName } from './node-name.ts';
import { useSettled } from './use-settled.ts';
import css from './nodes.module.css';

interface Properties {
  node: NodeName;
  onClose: () => void;
}

function ChangeForm({ node, detail, onClose }: Properties & { detail: NodeDetailQuery['node'] }) {
  const { t } = useTranslation('nodes');
  const navigate = useNavigate();
  const [standing] = useState<ChangeDraft>(() => ({ cpu: detail.cpu ?? '', memory: detail.memory ?? '', storage: detail.storage }));
  const [draft, setDraft] = useState(standing);
  const { run: ask, problems: refused } = useAction(ChangeNodeDocument);
  const change = useAction(ChangeNodeDocument);
  const keyFor = useIdempotencyKey();
  const input = inputOfChange(node, draft, standing);
  const asked = input === undefined ? '' : JSON.stringify(input);
  const settled = useSettled(asked);
  const [planned, setPlanned] = useState<{ asked: string; plan: PlanInWords | undefined }>();

  useEffect(() => {
    if (settled === '') return undefined;
    let over = false;
    const look = async (): Promise<void> => {
      const answer = await ask({ input: JSON.parse(settled) as ChangeNodeInput, dryRun: true });
      if (!over) setPlanned({ asked: settled, plan: answer?.changeNode.plan });
    };
    void look();
    return () => {
      over = true;
    };
  }, [ask, settled]);

  const confirm = async (): Promise<void> => {
    if (input === undefined) return;
    const answer = await change.run({ input, idempotencyKey: keyFor(input) });
    const id = answer?.changeNode.operation?.id;
    if (id !== undefined) void navigate(operationPath(id));
  };
  const isAnswered = planned?.asked === asked;
  const plan = isAnswered ? planned.plan : undefined;
  const problems = isAnswered ? [...refused, ...change.problems] : [];
  const { errorOf, elsewhere } = atFields(problems, changeable);
  const unplanned = isAnswered ? (plan ? undefined : t('whyRefused')) : t('whyPlanning');
  const why = input === undefined ? t('whyUnchanged') : unplanned;
  return (
    <>
      <div className={css.sizes}>
        {changeable.map((field) => (
          <Field key={field} label={t(`field.${field}`)} hint={t(`changeHint.${field}`)} error={errorOf(field)}>
            {(ids) => <Input {...ids} value={draft[field]} maxLength={20} autoComplete="off" spellCheck={false} onChange={(event) => setDraft({ ...draft, [field]: event.target.value })} />}
          </Field>
        ))}
      </div>
      {plan && <OperationPlan plan={plan} />}
      {input !== undefined && !isAnswered && <Waiting words={t('planning')} />}
      {elsewhere.length > 0 && <Problems problems={elsewhere} />}
      <div className={css.actions}>
        <Button onClick={onClose}>{t('keepAsItIs')}</Button>
        <Explained why={why} type="primary" loading={change.busy} onClick={() => void confirm()}>
          {t('change')}
        </Explained>
      </div>
    </>
  );
}

/** Which resources and how large a volume a node has, and what another choice comes to before it is made. */
export function ChangeNode({ id, ...properties }: Properties & { id: string }) {
  const { t } = useTranslation('nodes');
  const { node, onClose } = properties;
  const detail = useQuery(NodeDetailDocument, { id });
  return (
    <Dialog title={t('changeTitle', { node: `${node.member}/${node.name}` })} onCancel={onClose} footer={null}>
      <LivePart live={detail} waiting={t('waiting')}>
        {(data) => <ChangeForm {...properties} detail={data.node} />}
      </LivePart>
    </Dialog>
  );
}
