import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
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

/** @param what it is, for who cannot see it; @param children a word on the button, where the text itself does not stand beside it */
export function CopyButton({ text, what, children }: { text: string; what: string; children?: ReactNode }) {
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
      >
        {children}
      </Button>
      <span role="status" className={said === 'refused' ? css.fieldError : css.unseen}>
        {said ? t(`copy.${said}`) : ''}
      </span>
    </>
  );
}
