import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { RestartNodeDocument, type RestartNodeMutation } from '../graphql/generated/graphql.ts';
import { PlanShown } from '../operations/plan-shown.tsx';
import { usePlannedAction } from '../operations/use-planned-action.ts';
import { useWhyNoPlan } from '../operations/use-why-no-plan.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Explained } from '../ui/explained.tsx';
import type { NodeName } from './node-name.ts';

const begun = ({ restartNode }: RestartNodeMutation) => restartNode;

/** What a restart means at this moment, and the word that begins it. */
export function RestartNode({ node: { consortium, member, name }, onClose }: { node: NodeName; onClose: () => void }) {
  const { t } = useTranslation('nodes');
  const whyNoPlan = useWhyNoPlan();
  const restart = usePlannedAction(RestartNodeDocument, { consortium, member, name }, begun);
  return (
    <Dialog
      title={t('restartTitle', { node: `${member}/${name}` })}
      onCancel={onClose}
      footer={[
        <Button key="keep" onClick={onClose}>
          {t('keepRunning')}
        </Button>,
        <Explained key="act" why={whyNoPlan(restart)} type="primary" loading={restart.busy} onClick={() => void restart.act()}>
          {t('restart')}
        </Explained>,
      ]}
    >
      <PlanShown of={restart} problems={restart.problems} />
    </Dialog>
  );
}
