import { Checkbox } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { operationPath } from '../app/paths.ts';
import { RemoveNodeDocument } from '../graphql/generated/graphql.ts';
import { useAction } from '../graphql/use-action.ts';
import { useIdempotencyKey } from '../graphql/use-idempotency-key.ts';
import { ConfirmByName } from '../ui/confirm-by-name.tsx';
import type { NodeName } from './node-name.ts';

export function RemoveNode({ node, onClose }: { node: NodeName; onClose: () => void }) {
  const { t } = useTranslation('nodes');
  const navigate = useNavigate();
  const { consortium, member, name } = node;
  const [deleteData, setDeleteData] = useState(false);
  const [losses, setLosses] = useState<{ deleteData: boolean; sentences: readonly string[] }>();
  const { run: ask, problems: refused } = useAction(RemoveNodeDocument);
  const removal = useAction(RemoveNodeDocument);
  const keyFor = useIdempotencyKey();

  useEffect(() => {
    let over = false;
    const look = async (): Promise<void> => {
      const answer = await ask({ input: { consortium, member, name, deleteData }, dryRun: true });
      if (!answer || over) return;
      const { sentences, warnings } = answer.removeNode.plan;
      setLosses({ deleteData, sentences: [...warnings, ...sentences] });
    };
    void look();
    return () => {
      over = true;
    };
  }, [ask, consortium, member, name, deleteData]);

  const confirm = async (): Promise<void> => {
    const input = { consortium, member, name, confirmName: name, deleteData };
    const answer = await removal.run({ input, idempotencyKey: keyFor(input) });
    const id = answer?.removeNode.operation?.id;
    if (id !== undefined) void navigate(operationPath(id));
  };
  return (
    <ConfirmByName
      title={t('removeTitle', { node: `${member}/${name}` })}
      name={name}
      losses={losses?.deleteData === deleteData ? losses.sentences : undefined}
      action={t('remove')}
      busy={removal.busy}
      problems={[...refused, ...removal.problems]}
      choices={
        <p>
          <Checkbox checked={deleteData} onChange={(event) => setDeleteData(event.target.checked)}>
            {t('deleteData')}
          </Checkbox>
        </p>
      }
      onConfirm={() => void confirm()}
      onClose={onClose}
    />
  );
}
