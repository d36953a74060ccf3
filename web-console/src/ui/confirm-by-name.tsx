import { Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../graphql/problem.ts';
import { Dialog } from './dialog.tsx';
import { Explained } from './explained.tsx';
import { Field } from './field.tsx';
import { Problems } from './problems.tsx';
import { ServerText } from './server-text.tsx';
import { Untrusted } from './untrusted.tsx';
import css from './ui.module.css';

interface Properties {
  title: string;
  name: string;
  /** What will be lost, as a dry run says. */
  losses: readonly string[] | undefined;
  /** Why that is not known: it is being asked, asked again while Guildhall does not answer, or refused. */
  whyUnknown: 'planning' | 'retrying' | 'refused' | undefined;
  action: string;
  busy: boolean;
  problems: readonly ApiProblem[];
  /** Choices that change what will be lost. */
  choices?: ReactNode;
  onConfirm: () => void;
  onClose: () => void;
}

/** What cannot be undone is confirmed by typing the name of what it is done to. */
export function ConfirmByName({ title, name, losses, whyUnknown, action, busy, problems, choices, onConfirm, onClose }: Properties) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const unknown = whyUnknown && t(`confirm.unknown.${whyUnknown}`);
  const why = unknown ?? (typed === name ? undefined : t('confirm.typeFirst', { name }));
  const confirm = (): void => {
    if (why === undefined && !busy) onConfirm();
  };
  return (
    <Dialog
      title={title}
      onCancel={onClose}
      footer={[
        <Explained key="close" why={undefined} onClick={onClose}>
          {t('confirm.keep')}
        </Explained>,
        <Explained key="act" why={why} danger type="primary" loading={busy} onClick={confirm}>
          {action}
        </Explained>,
      ]}
    >
      {losses !== undefined && (
        <>
          <h3 className={css.lossesTitle}>{t('confirm.lost')}</h3>
          <ul className={css.losses}>
            {losses.map((loss) => (
              <li key={loss}>
                <ServerText text={loss} />
              </li>
            ))}
          </ul>
        </>
      )}
      {unknown !== undefined && <p aria-busy={whyUnknown !== 'refused'}>{unknown}</p>}
      {choices}
      <Field label={<>{t('confirm.type')} <Untrusted text={name} code /></>}>
        {(ids) => <Input {...ids} value={typed} onChange={(event) => setTyped(event.target.value)} onPressEnter={confirm} autoComplete="off" spellCheck={false} maxLength={200} />}
      </Field>
      {problems.length > 0 && <Problems problems={problems} />}
    </Dialog>
  );
}
