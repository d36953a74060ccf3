import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { consortiumPath } from '../app/paths.ts';
import { RetryOperationDocument } from '../graphql/generated/graphql.ts';
import { useAction } from '../graphql/use-action.ts';
import { useIdempotencyKey } from '../graphql/use-idempotency-key.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Explained } from '../ui/explained.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { useNotify } from '../ui/notices.tsx';
import { Problems } from '../ui/problems.tsx';
import { CancelOperation } from './cancel-operation.tsx';
import { whyNoCancel, whyNoRetry } from './operation-state.ts';

interface Acted {
  id: string;
  kind: string;
  state: string;
  consortium: string;
  finishedAt: string | null;
}

/** Retry goes on with the step that failed; cancel takes back what was done, as far as the ledger allows. */
export function OperationActions({ operation, onChanged }: { operation: Acted; onChanged: () => void }) {
  const { t } = useTranslation('operations');
  const notify = useNotify();
  const [asking, setAsking] = useState(false);
  const retry = useAction(RetryOperationDocument);
  const keyFor = useIdempotencyKey();
  const { id, finishedAt } = operation;
  const noRetry = whyNoRetry(operation);
  const noCancel = whyNoCancel(operation);

  const onRetry = async (): Promise<void> => {
    // What has failed again is retried again.
    if (!(await retry.run({ id, idempotencyKey: keyFor({ id, finishedAt }) }))) return;
    notify({ kind: 'success', title: t('retried') });
    onChanged();
  };
  const onCancelled = (): void => {
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
      {asking && <CancelOperation operation={operation} onCancelled={onCancelled} onClose={() => setAsking(false)} />}
    </>
  );
}
