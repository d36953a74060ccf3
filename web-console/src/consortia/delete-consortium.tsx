import { Checkbox } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { operationPath } from '../app/paths.ts';
import { DeleteConsortiumDocument } from '../graphql/generated/graphql.ts';
import { useAction } from '../graphql/use-action.ts';
import { useIdempotencyKey } from '../graphql/use-idempotency-key.ts';
import { ConfirmByName } from '../ui/confirm-by-name.tsx';

/** @param kept whether its data is all that is left, which only deleting it makes go */
export function DeleteConsortium({ name, kept, onClose }: { name: string; kept: boolean; onClose: () => void }) {
  const { t } = useTranslation('consortium');
  const navigate = useNavigate();
  const [deleteData, setDeleteData] = useState(kept);
  const [losses, setLosses] = useState<{ deleteData: boolean; sentences: readonly string[] }>();
  const { run: ask, problems: refused } = useAction(DeleteConsortiumDocument);
  const deletion = useAction(DeleteConsortiumDocument);
  const keyFor = useIdempotencyKey();

  useEffect(() => {
    let over = false;
    const look = async (): Promise<void> => {
      const answer = await ask({ input: { name, deleteData }, dryRun: true });
      if (answer && !over) setLosses({ deleteData, sentences: answer.deleteConsortium.plan.sentences });
    };
    void look();
    return () => {
      over = true;
    };
  }, [ask, name, deleteData]);

  const confirm = async (): Promise<void> => {
    const input = { name, confirmName: name, deleteData };
    const answer = await deletion.run({ input, idempotencyKey: keyFor(input) });
    const id = answer?.deleteConsortium.operation?.id;
    if (id !== undefined) void navigate(operationPath(id));
  };
  return (
    <ConfirmByName
      title={t('deleteTitle', { name })}
      name={name}
      losses={losses?.deleteData === deleteData ? losses.sentences : undefined}
      action={t('delete')}
      busy={deletion.busy}
      problems={[...refused, ...deletion.problems]}
      choices={
        <p>
          <Checkbox checked={deleteData} disabled={kept} onChange={(event) => setDeleteData(event.target.checked)}>
            {kept ? t('deleteKeptData') : t('deleteData')}
          </Checkbox>
        </p>
      }
      onConfirm={() => void confirm()}
      onClose={onClose}
    />
  );
}
