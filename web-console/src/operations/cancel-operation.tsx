import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { CancelOperationDocument } from '../graphql/generated/graphql.ts';
import { useAction } from '../graphql/use-action.ts';
import { useIdempotencyKey } from '../graphql/use-idempotency-key.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Problems } from '../ui/problems.tsx';

/** What a cancellation takes back, and the word that begins it. */
export function CancelOperation({ operation: { id, kind }, onCancelled, onClose }: { operation: { id: string; kind: string }; onCancelled: () => void; onClose: () => void }) {
  const { t } = useTranslation('operations');
  const { run, busy, problems } = useAction(CancelOperationDocument);
  const keyFor = useIdempotencyKey();
  const confirm = async (): Promise<void> => {
    if (await run({ id, idempotencyKey: keyFor(id) })) onCancelled();
  };
  return (
    <Dialog
      title={t('cancelAsk')}
      onCancel={onClose}
      footer={[
        <Button key="keep" onClick={onClose}>
          {t('cancelKeep')}
        </Button>,
        <Button key="act" danger type="primary" loading={busy} onClick={() => void confirm()}>
          {t('cancel')}
        </Button>,
      ]}
    >
      <p>{kind === 'createConsortium' ? t('cancelCreation') : t('cancelOther')}</p>
      {problems.length > 0 && <Problems problems={problems} />}
    </Dialog>
  );
}
