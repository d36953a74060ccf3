import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/field.tsx';
import type { ContractMetadata, ContractOperation } from '../metadata.ts';
import css from '../contracts.module.css';

const types = ['write', 'read', 'setup'] as const;

export function OperationSelect({ metadata, operation, onChange }: { metadata: ContractMetadata; operation: ContractOperation | undefined; onChange: (name: string) => void }) {
  const { t } = useTranslation('call');
  const options = types.map((type) => ({
    label: t(`type.${type}`),
    title: type,
    options: metadata.operations.filter((each) => each.type === type).map(({ name, title }) => ({ value: name, label: name === title ? name : `${name} – ${title}` })),
  }));
  return (
    <div className={css.wide}>
      <Field label={t('operation')} hint={operation && <span lang="en">{operation.description}</span>}>
        {({ id, 'aria-describedby': describedBy }) => <Select id={id} aria-describedby={describedBy} showSearch={{ optionFilterProp: 'label' }} value={operation?.name ?? null} onChange={onChange} options={options.filter((group) => group.options.length > 0)} />}
      </Field>
    </div>
  );
}
