import { DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { CopyButton } from './copy-button.tsx';
import { download } from './download.ts';
import css from './ui.module.css';

/** A text of several lines to copy, and with a file's name to download. @param what it is, for who cannot see it */
export function CodeBlock({ text, what, file }: { text: string; what: string; file?: string }) {
  const { t } = useTranslation();
  return (
    <div className={css.code}>
      <div className={css.codeActions}>
        <CopyButton text={text} what={what} />
        {file !== undefined && (
          <Button size="small" icon={<DownloadOutlined />} onClick={() => download(file, text)}>
            {t('download', { file })}
          </Button>
        )}
      </div>
      <pre className={css.codeText} tabIndex={0} aria-label={what}>
        {text}
      </pre>
    </div>
  );
}
