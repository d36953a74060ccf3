import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/field.tsx';
import css from '../contracts.module.css';

/** For contracts that do not describe themselves: arguments as they are. */
export function RawArguments({ args, onChange }: { args: readonly string[]; onChange: (args: readonly string[]) => void }) {
  const { t } = useTranslation('call');
  return (
    <>
      {args.map((arg, index) => (
        // Arguments have no other name than their place.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={css.item}>
          <Field label={t('argument', { number: index + 1 })}>
            {(ids) => <Input.TextArea {...ids} className={css.mono ?? ''} value={arg} maxLength={1_000_000} autoSize={{ minRows: 1, maxRows: 12 }} spellCheck={false} onChange={(event) => onChange(args.with(index, event.target.value))} />}
          </Field>
          <Button type="text" className={css.remove ?? ''} icon={<DeleteOutlined />} aria-label={t('removeItem', { number: index + 1 })} onClick={() => onChange(args.toSpliced(index, 1))} />
        </div>
      ))}
      <Button size="small" icon={<PlusOutlined />} onClick={() => onChange([...args, ''])}>
        {t('addArgument')}
      </Button>
    </>
  );
}
