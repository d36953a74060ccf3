import { Button, Input } from 'antd';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ChangeNodeDocument, NodeDetailDocument, type ChangeNodeMutation, type NodeDetailQuery } from '../graphql/generated/graphql.ts';
import { useQuery } from '../graphql/use-live.ts';
import { PlanShown } from '../operations/plan-shown.tsx';
import { usePlannedAction } from '../operations/use-planned-action.ts';
import { useWhyNoPlan } from '../operations/use-why-no-plan.ts';
import { atFields } from '../ui/at-fields.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Explained } from '../ui/explained.tsx';
import { Field } from '../ui/field.tsx';
import { LivePart } from '../ui/panel.tsx';
import { changeable, inputOfChange, keptLimit, type Changeable, type ChangeDraft } from './change-draft.ts';
import type { NodeName } from './node-name.ts';
import css from './nodes.module.css';

interface Properties {
  node: NodeName;
  onClose: () => void;
}

const begun = ({ changeNode }: ChangeNodeMutation) => changeNode;

function ChangeForm({ node, detail, onClose }: Properties & { detail: NodeDetailQuery['node'] }) {
  const { t } = useTranslation('nodes');
  const whyNoPlan = useWhyNoPlan();
  const [standing] = useState<ChangeDraft>(() => ({ cpu: detail.cpu ?? '', memory: detail.memory ?? '', storage: detail.storage }));
  const [draft, setDraft] = useState(standing);
  const input = inputOfChange(node, draft, standing);
  const change = usePlannedAction(ChangeNodeDocument, input, begun);
  const { errorOf, elsewhere } = atFields(change.problems, changeable);
  const why = input === undefined ? t('whyUnchanged') : whyNoPlan(change);
  const consequenceOf = (field: Changeable): string | undefined => {
    const limit = keptLimit(field, draft, standing);
    return limit && t('keepsLimit', { limit });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (why === undefined && !change.busy) void change.act();
  };
  return (
    <form onSubmit={submit} noValidate>
      <div className={css.sizes}>
        {changeable.map((field) => (
          <Field key={field} label={t(`field.${field}`)} hint={t(`changeHint.${field}`)} consequence={consequenceOf(field)} error={errorOf(field)}>
            {(ids) => <Input {...ids} value={draft[field]} maxLength={20} autoComplete="off" spellCheck={false} onChange={(event) => setDraft({ ...draft, [field]: event.target.value })} />}
          </Field>
        ))}
      </div>
      <PlanShown of={change} problems={elsewhere} />
      <div className={css.actions}>
        <Button onClick={onClose}>{t('keepAsItIs')}</Button>
        <Explained why={why} type="primary" htmlType="submit" loading={change.busy}>
          {t('change')}
        </Explained>
      </div>
    </form>
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
