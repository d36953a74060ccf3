import { Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DeleteConsortiumDocument, type DeleteConsortiumMutation } from '../graphql/generated/graphql.ts';
import { usePlannedAction } from '../operations/use-planned-action.ts';
import { ConfirmByName } from '../ui/confirm-by-name.tsx';

const begun = ({ deleteConsortium }: DeleteConsortiumMutation) => deleteConsortium;

/** @param kept whether its data is all that is left, which only deleting it makes go */
export function DeleteConsortium({ name, kept, onClose }: { name: string; kept: boolean; onClose: () => void }) {
  const { t } = useTranslation('consortium');
  const [deleteData, setDeleteData] = useState(kept);
  // The dry run asks for no name; the dialog does, before anything else is sent.
  const deletion = usePlannedAction(DeleteConsortiumDocument, { name, confirmName: name, deleteData }, begun);
  return (
    <ConfirmByName
      title={t('deleteTitle', { name })}
      name={name}
      losses={deletion.plan?.sentences}
      whyUnknown={deletion.whyNoPlan}
      action={t('delete')}
      busy={deletion.busy}
      problems={deletion.problems}
      choices={
        <p>
          <Checkbox checked={deleteData} disabled={kept} onChange={(event) => setDeleteData(event.target.checked)}>
            {kept ? t('deleteKeptData') : t('deleteData')}
          </Checkbox>
        </p>
      }
      onConfirm={() => void deletion.act()}
      onClose={onClose}
    />
  );
}
