import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { operationPath } from '../app/paths.ts';
import { RestartNodeDocument } from '../graphql/generated/graphql.ts';
import { useAction } from '../graphql/use-action.ts';
import { useIdempotencyKey } from '../graphql/use-idempotency-key.ts';
import { OperationPlan, type PlanInWords } from '../operations/operation-plan.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Explained } from '../ui/explained.tsx';
import { Problems } from '../ui/problems.tsx';
import { Waiting } from '../ui/waiting.tsx';
import type { NodeName } from './node-name.ts';

/** What a restart means at this moment, and the word that begins it. */
export function RestartNode({ node, onClose }: { node: NodeName; onClose: () => void }) {
  const { t } = useTranslation('nodes');
  const navigate = useNavigate();
  const { consortium, member, name } = node;
  const [plan, setPlan] = useState<PlanInWords>();
  const { run: ask, problems: refused } = useAction(RestartNodeDocument);
  const restart = useAction(RestartNodeDocument);
  const keyFor = useIdempotencyKey();

  useEffect(() => {
    let over = false;
    const look = async (): Promise<void> => {
      const answer = await ask({ input: { consortium, member, name }, dryRun: true });
      if (!over) setPlan(answer?.restartNode.plan);
    };
    void look();
    return () => {
      over = true;
    };
  }, [ask, consortium, member, name]);

  const confirm = async (): Promise<void> => {
    const input = { consortium, member, name };
    const answer = await restart.run({ input, idempotencyKey: keyFor(input) });
    const id = answer?.restartNode.operation?.id;
    if (id !== undefined) void navigate(operationPath(id));
  };
  const problems = [...refused, ...restart.problems];
  const why = plan ? undefined : refused.length > 0 ? t('whyRefused') : t('whyPlanning');
  return (
    <Dialog
      title={t('restartTitle', { node: `${member}/${name}` })}
      onCancel={onClose}
      footer={[
        <Button key="keep" onClick={onClose}>
          {t('keepRunning')}
        </Button>,
        <Explained key="act" why={why} type="primary" loading={restart.busy} onClick={() => void confirm()}>
          {t('restart')}
        </Explained>,
      ]}
    >
      {plan && <OperationPlan plan={plan} />}
      {!plan && refused.length === 0 && <Waiting words={t('planning')} />}
      {problems.length > 0 && <Problems problems={problems} />}
    </Dialog>
  );
}
