import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { consortiumPath } from '../app/paths.ts';
import { CancelOperationDocument, RetryOperationDocument } from '../graphql/generated/graphql.ts';
import { useAction } from '../graphql/use-action.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Explained } from '../ui/explained.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { useNotify } from '../ui/notices.tsx';
import { Problems } from '../ui/problems.tsx';
import { whyNoCancel, whyNoRetry } from './operation-state.ts';

/** Retry goes on with the step that failed; cancel takes back what was done, as far as the ledger allows. */
export function OperationActions({ operation, onChanged }: { operation: { id: string; kind: string; state: string; consortium: string }; onChanged: () => void }) {
  const { t } = useTranslation('operations');
  const notify = useNotify();
  const [asking, setAsking] = useState(false);
  const retry = useAction(RetryOperationDocument);
  const cancel = useAction(CancelOperationDocument);
  const { id } = operation;
  const noRetry = whyNoRetry(operation);
  const noCancel = whyNoCancel(operation);

  const onRetry = async (): Promise<void> => {
    if (!(await retry.run({ id }))) return;
    notify({ kind: 'success', title: t('retried') });
    onChanged();
  };
  const onCancel = async (): Promise<void> => {
    if (!(await cancel.run({ id }))) return;
    setAsking(false);
    onChanged();
  };
  return (
    <>
      {operation.state === 'succeeded' && operation.kind !== 'deleteConsortium' && (
        <LinkButton to={consortiumPath(operation.consortium)} type="primary">
          {t('goOn', { consortium: operation.consortium })}
        </LinkButton>
      )}
      <Explained why={noRetry && t(`noRetry.${noRetry}`)} type={operation.state === 'failed' ? 'primary' : 'default'} loading={retry.busy} onClick={() => void onRetry()}>
        {t('retry')}
      </Explained>
      <Explained why={noCancel && t(`noCancel.${noCancel}`)} danger onClick={() => setAsking(true)}>
        {t('cancel')}
      </Explained>
      {retry.problems.length > 0 && (
        <Dialog title={t('retry')} onCancel={retry.clear} footer={<Button onClick={retry.clear}>{t('close')}</Button>}>
          <Problems problems={retry.problems} />
        </Dialog>
      )}
      {asking && (
        <Dialog
          title={t('cancelAsk')}
          onCancel={() => setAsking(false)}
          footer={[
            <Button key="keep" onClick={() => setAsking(false)}>
              {t('cancelKeep')}
            </Button>,
            <Button key="act" danger type="primary" loading={cancel.busy} onClick={() => void onCancel()}>
              {t('cancel')}
            </Button>,
          ]}
        >
          <p>{operation.kind === 'createConsortium' ? t('cancelCreation') : t('cancelOther')}</p>
          {cancel.problems.length > 0 && <Problems problems={cancel.problems} />}
        </Dialog>
      )}
    </>
  );
}
