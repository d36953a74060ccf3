import { DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons';
import { Input, Radio, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/dialog.tsx';
import { Explained } from '../../ui/explained.tsx';
import { Field } from '../../ui/field.tsx';
import { addFile, limits, removeFile, renameFile, wrongPath, type Source } from './draft.ts';
import css from '../contracts.module.css';

function PathDialog({ source, self, onDone, onClose }: { source: Source; self: string | undefined; onDone: (path: string) => void; onClose: () => void }) {
  const { t } = useTranslation('source');
  const [path, setPath] = useState(self ?? '');
  const wrong = wrongPath(source, path, self);
  const why = wrong && t(`wrongPath.${wrong}`);
  const done = (): void => {
    if (!wrong) onDone(path);
  };
  return (
    <Dialog
      title={self === undefined ? t('addFile') : t('renameFile', { path: self })}
      onCancel={onClose}
      footer={[
        <Explained key="close" why={undefined} onClick={onClose}>{t('close')}</Explained>,
        <Explained key="done" why={why} type="primary" onClick={done}>{self === undefined ? t('add') : t('rename')}</Explained>,
      ]}
    >
      <Field label={t('path')} hint={t('pathHint')} error={path !== '' && wrong ? why : undefined}>
        {(ids) => <Input {...ids} value={path} onChange={(event) => setPath(event.target.value)} onPressEnter={done} maxLength={limits.path} spellCheck={false} autoComplete="off" placeholder="parts/note.ts" />}
      </Field>
    </Dialog>
  );
}

interface Properties {
  source: Source;
  shown: string;
  /** How many problems each file has. */
  problemsIn: (path: string) => number;
  onShow: (path: string) => void;
  onChange: (source: Source, shown: string) => void;
}

/** The files of a source, of which one is shown. */
export function FileBar({ source, shown, problemsIn, onShow, onChange }: Properties) {
  const { t } = useTranslation('source');
  const [dialog, setDialog] = useState<{ self: string | undefined }>();
  const [removing, setRemoving] = useState(false);
  const isEntry = source.entry === shown;
  const remove = (): void => {
    setRemoving(false);
    onChange(removeFile(source, shown), source.entry);
  };
  const done = (path: string): void => {
    const next = dialog?.self === undefined ? addFile(source, path) : renameFile(source, dialog.self, path);
    setDialog(undefined);
    onChange(next, path);
  };
  return (
    <div className={css.files}>
      <Radio.Group aria-label={t('files')} optionType="button" size="small" value={shown} onChange={(event) => onShow(event.target.value as string)} className={css.fileChoice ?? ''}>
        {source.files.map(({ path }) => (
          <Radio.Button key={path} value={path}>
            <bdi className={css.mono}>{path}</bdi>
            {path === source.entry && <> · {t('entry')}</>}
            {problemsIn(path) > 0 && <> · {t('problemsIn', { count: problemsIn(path) })}</>}
          </Radio.Button>
        ))}
      </Radio.Group>
      <Explained size="small" why={source.files.length >= limits.files ? t('whyNoMoreFiles', { count: limits.files }) : undefined} icon={<PlusOutlined />} onClick={() => setDialog({ self: undefined })}>{t('addFile')}</Explained>
      <Tooltip title={t('renameFile', { path: shown })}>
        <Explained size="small" why={undefined} icon={<EditOutlined />} aria-label={t('renameFile', { path: shown })} onClick={() => setDialog({ self: shown })} />
      </Tooltip>
      <Explained size="small" why={isEntry ? t('whyKeepEntry') : undefined} icon={<DeleteOutlined />} aria-label={t('removeFile', { path: shown })} onClick={() => setRemoving(true)} />
      <Explained size="small" why={isEntry ? t('whyIsEntry') : undefined} onClick={() => onChange({ ...source, entry: shown }, shown)}>{t('makeEntry')}</Explained>
      {dialog && <PathDialog source={source} self={dialog.self} onDone={done} onClose={() => setDialog(undefined)} />}
      {removing && (
        <Dialog title={t('removeFile', { path: shown })} okText={t('remove')} cancelText={t('close')} okButtonProps={{ danger: true }} onOk={remove} onCancel={() => setRemoving(false)}>
          {t('removeLead')}
        </Dialog>
      )}
    </div>
  );
}
