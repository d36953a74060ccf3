import { Alert, Button, Checkbox } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../ui/code-block.tsx';
import { download } from '../ui/download.ts';
import { Explained } from '../ui/explained.tsx';
import type { Created } from './create-identity.tsx';
import { tarOf } from './tar.ts';
import css from './applications.module.css';

/** Whoever leaves the page with the key loses it: the browser asks first. */
function useGuard(guarded: boolean): void {
  useEffect(() => {
    if (!guarded) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [guarded]);
}

/** What was made; a key that Guildhall made is seen here and never again. */
export function CreatedIdentity({ created: { identity, privateKey }, onDone }: { created: Created; onDone: () => void }) {
  const { t } = useTranslation('applications');
  const [kept, setKept] = useState(false);
  useGuard(privateKey !== null && !kept);
  if (!identity) return null;
  const files = identity.mspFolder.map(({ path, text }) => ({ path: `msp/${path}`, text }));
  const all = privateKey === null ? files : [...files, { path: 'msp/keystore/key.pem', text: privateKey, secret: true }];
  return (
    <>
      {privateKey === null ? (
        <Alert type="info" showIcon className={css.keep ?? ''} title={t('made', { name: identity.name })} description={t('madeWithout')} />
      ) : (
        <>
          <Alert type="warning" showIcon className={css.keep ?? ''} title={t('keepKey')} description={t('keepKeyLead')} />
          <CodeBlock text={privateKey} what={t('privateKey')} file={`${identity.name}-key.pem`} />
        </>
      )}
      <div className={css.actions}>
        <Button type="primary" onClick={() => download(`${identity.name}-msp.tar`, tarOf(all, new Date()), 'application/x-tar')}>
          {privateKey === null ? t('downloadFolder') : t('downloadFolderWithKey')}
        </Button>
        {privateKey !== null && (
          <Checkbox checked={kept} onChange={(event) => setKept(event.target.checked)}>
            {t('keptKey')}
          </Checkbox>
        )}
        <Explained why={privateKey !== null && !kept ? t('whyNot.kept') : undefined} onClick={onDone}>
          {t('done')}
        </Explained>
      </div>
    </>
  );
}
