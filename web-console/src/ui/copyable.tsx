import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Untrusted } from './untrusted.tsx';
import css from './ui.module.css';

/** navigator.clipboard is there for pages of https and of this machine alone. */
async function copy(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('the browser does not allow it');
}

/** A button that copies a text which is shown elsewhere. @param what it is, for who cannot see it */
export function CopyText({ text, what }: { text: string; what: string }) {
  const { t } = useTranslation();
  const [said, setSaid] = useState<'copied' | 'refused'>();
  useEffect(() => {
    if (said === undefined) return undefined;
    const timer = setTimeout(() => setSaid(undefined), 2000);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <>
      <Button
        type="text"
        size="small"
        aria-label={t('copy.what', { what })}
        icon={said === 'copied' ? <CheckOutlined /> : <CopyOutlined />}
        onClick={() => void copy(text).then(() => setSaid('copied'), () => setSaid('refused'))}
      />
      <span role="status" className={said === 'refused' ? css.fieldError : css.unseen}>
        {said ? t(`copy.${said}`) : ''}
      </span>
    </>
  );
}

/** An id or another text that is needed elsewhere. */
export function Copyable({ text, what }: { text: string; what: string }) {
  return (
    <span className={css.copyable}>
      <Untrusted text={text} code />
      <CopyText text={text} what={what} />
    </span>
  );
}
