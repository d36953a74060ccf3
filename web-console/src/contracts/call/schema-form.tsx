import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { AutoComplete, Button, Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Explained } from '../../ui/explained.tsx';
import { Field, type FieldIds } from '../../ui/field.tsx';
import { useClearing } from '../../ui/use-clearing.tsx';
import type { ArgumentSchema } from '../argument-schema.ts';
import { blankOf, fieldsOf, formOf, isGroup, isList, type Entered } from './schema-value.ts';
import css from '../contracts.module.css';

interface Properties {
  schema: ArgumentSchema;
  path: string;
  value: Entered | undefined;
  onChange: (value: Entered) => void;
  errorAt: (path: string) => string | undefined;
  /** What an MSP id may be. */
  mspIds: readonly string[];
}

const textOf = (value: Entered | undefined): string => (typeof value === 'string' ? value : '');

function Control({ schema, value, onChange, mspIds, ids }: Omit<Properties, 'path' | 'errorAt'> & { ids: FieldIds }) {
  const { t } = useTranslation('call');
  const clearing = useClearing();
  const { id, status, ...aria } = ids;
  switch (formOf(schema)) {
    case 'choice':
      return <Select {...aria} id={id} status={status} allowClear={clearing} value={typeof value === 'string' ? value : null} onChange={(next: string | undefined) => onChange(next ?? null)} options={(schema.enum ?? []).map((option) => ({ value: String(option), label: String(option) }))} />;
    case 'integer':
      return <InputNumber {...aria} id={id} status={status} precision={0} controls={false} value={typeof value === 'number' ? value : null} onChange={(next) => onChange(next)} />;
    case 'boolean':
      return <Select {...aria} id={id} status={status} allowClear={clearing} value={typeof value === 'boolean' ? value : null} onChange={(next: boolean | undefined) => onChange(next ?? null)} options={[{ value: true, label: t('true') }, { value: false, label: t('false') }]} />;
    case 'date':
      return <Input {...ids} type="date" value={textOf(value)} onChange={(event) => onChange(event.target.value)} />;
    case 'instant':
      return <Input {...ids} type="datetime-local" step={1} value={textOf(value)} onChange={(event) => onChange(event.target.value)} />;
    case 'member':
      return <AutoComplete {...aria} id={id} status={status} value={textOf(value)} onChange={(next: string) => onChange(next)} options={mspIds.map((mspId) => ({ value: mspId }))} />;
    case 'json':
      return <Input.TextArea {...ids} className={css.mono ?? ''} value={textOf(value)} onChange={(event) => onChange(event.target.value)} autoSize={{ minRows: 2, maxRows: 12 }} spellCheck={false} maxLength={100_000} />;
    default:
      return <Input {...ids} value={textOf(value)} onChange={(event) => onChange(event.target.value)} maxLength={schema.maxLength ?? 100_000} spellCheck={false} autoComplete="off" />;
  }
}

function List({ schema, path, value, onChange, ...rest }: Properties) {
  const { t } = useTranslation('call');
  const items = isList(value) ? value : [];
  const itemSchema = schema.items ?? {};
  const why = schema.maxItems !== undefined && items.length >= schema.maxItems ? t('whyNoMore', { count: schema.maxItems }) : undefined;
  return (
    <>
      {items.map((item, index) => (
        // Items have no other name than their place.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={css.item}>
          <SchemaField {...rest} schema={itemSchema} path={`${path}[${index}]`} label={`${itemSchema.title ?? t('item')} ${index + 1}`} required value={item} onChange={(next) => onChange(items.with(index, next))} />
          <Button type="text" className={css.remove ?? ''} icon={<DeleteOutlined />} aria-label={t('removeItem', { number: index + 1 })} onClick={() => onChange(items.toSpliced(index, 1))} />
        </div>
      ))}
      <Explained why={why} size="small" icon={<PlusOutlined />} onClick={() => onChange([...items, blankOf(itemSchema)])}>
        {t('addItem')}
      </Explained>
    </>
  );
}

function SchemaField({ label, required, ...properties }: Properties & { label: string; required: boolean }) {
  const { t } = useTranslation('call');
  const { schema, path, errorAt } = properties;
  const form = formOf(schema);
  if (form === 'group' && fieldsOf(schema).length === 0) return null;
  const title = (
    <>
      <span lang="en"><bdi>{label}</bdi></span>
      {!required && <span className={css.next}> {t('optional')}</span>}
    </>
  );
  if (form === 'group') {
    return (
      <Field label={title} error={errorAt(path)} group>
        {() => <SchemaForm {...properties} />}
      </Field>
    );
  }
  if (form === 'list') {
    return (
      <Field label={title} error={errorAt(path)} group>
        {() => <List {...properties} />}
      </Field>
    );
  }
  const hint = form === 'instant' ? t('inUtc') : form === 'json' ? t('asJson') : schema.description ? <span lang="en">{schema.description}</span> : undefined;
  return (
    <Field label={title} error={errorAt(path)} hint={hint}>
      {(ids) => <Control {...properties} ids={ids} />}
    </Field>
  );
}

/** The fields of an object, as its JSON Schema describes them. */
export function SchemaForm({ schema, path, value, onChange, ...rest }: Properties) {
  const group = isGroup(value) ? value : {};
  return (
    <div className={css.fields}>
      {fieldsOf(schema).map((field) => (
        <SchemaField
          {...rest}
          key={field.name}
          schema={field.schema}
          label={field.schema.title ?? field.name}
          required={field.required}
          path={path === '' ? field.name : `${path}.${field.name}`}
          value={group[field.name]}
          onChange={(next) => onChange({ ...group, [field.name]: next })}
        />
      ))}
    </div>
  );
}
