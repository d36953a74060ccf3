import { Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RemoveNodeDocument, type RemoveNodeMutation } from '../graphql/generated/graphql.ts';
import { usePlannedAction } from '../operations/use-planned-action.ts';
import { ConfirmByName } from '../ui/confirm-by-name.tsx';
import type { NodeName } from './node-name.ts';

const begun = ({ removeNode }: RemoveNodeMutation) => removeNode;

export function RemoveNode({ node: { consortium, member, name }, onClose }: { node: NodeName; onClose: () => void }) {
  const { t } = useTranslation('nodes');
  const [deleteData, setDeleteData] = useState(false);
  // The dry run asks for no name; the dialog does, before anything else is sent.
  const removal = usePlannedAction(RemoveNodeDocument, { consortium, member, name, confirmName: name, deleteData }, begun);
  return (
    <ConfirmByName
      title={t('removeTitle', { node: `${member}/${name}` })}
      name={name}
      losses={removal.plan && [...removal.plan.warnings, ...removal.plan.sentences]}
      whyUnknown={removal.whyNoPlan}
      action={t('remove')}
      busy={removal.busy}
      problems={removal.problems}
      choices={
        <p>
          <Checkbox checked={deleteData} onChange={(event) => setDeleteData(event.target.checked)}>
            {t('deleteData')}
          </Checkbox>
        </p>
      }
      onConfirm={() => void removal.act()}
      onClose={onClose}
    />
  );
}
