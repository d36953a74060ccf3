import { Checkbox, Input, InputNumber, Radio } from 'antd';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsortiumNow } from '../consortia/consortium-context.ts';
import { CreateClientIdentityDocument, type CreateClientIdentityMutation } from '../graphql/generated/graphql.ts';
import { useFormAction } from '../graphql/use-form-action.ts';
import { useIdempotencyKey } from '../graphql/use-idempotency-key.ts';
import { atFields } from '../ui/at-fields.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { Explained } from '../ui/explained.tsx';
import { Field } from '../ui/field.tsx';
import { Problems } from '../ui/problems.tsx';
import { csrCommands } from './samples.ts';
import css from './applications.module.css';

export type Created = CreateClientIdentityMutation['createClientIdentity'];

interface Properties {
  consortium: string;
  member: ConsortiumNow['members'][number];
  onCreated: (created: Created) => void;
  onClose: () => void;
}

const fields = ['name', 'roles', 'validDays'] as const;

/** A certificate for an application: for a key of its own, or with a key that Guildhall makes and gives out once. */
export function CreateIdentity({ consortium, member, onCreated, onClose }: Properties) {
  const { t } = useTranslation('applications');
  const [name, setName] = useState('');
  const [roles, setRoles] = useState<readonly string[]>([]);
  const [validDays, setValidDays] = useState<number | null>(90);
  const [ownKey, setOwnKey] = useState(true);
  const [csr, setCsr] = useState('');
  const input = { consortium, member: member.name, name: name.trim(), roles: [...roles], validDays, ...(ownKey ? { csr: csr.trim() } : {}) };
  const { run, busy, problems } = useFormAction(CreateClientIdentityDocument, JSON.stringify(input));
  const keyFor = useIdempotencyKey();

  const why = name.trim() === '' ? t('whyNot.name') : validDays === null ? t('whyNot.days') : ownKey && csr.trim() === '' ? t('whyNot.csr') : undefined;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (why !== undefined || busy) return;
    const answer = await run({ input, idempotencyKey: keyFor(input) });
    if (answer) onCreated(answer.createClientIdentity);
  };
  const { errorOf, elsewhere } = atFields(problems, ownKey ? [...fields, 'csr'] : fields);
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Field label={t('name')} hint={t('nameHint')} error={errorOf('name')}>
        {(ids) => <Input {...ids} className={css.short ?? ''} value={name} maxLength={63} onChange={(event) => setName(event.target.value)} autoComplete="off" spellCheck={false} autoFocus />}
      </Field>
      <Field label={t('roles')} group hint={member.applicationRoles.length === 0 ? t('noRoles') : t('rolesHint')} error={errorOf('roles')}>
        {() => <Checkbox.Group className={css.roles ?? ''} value={[...roles]} options={member.applicationRoles.map((role) => ({ value: role, label: role }))} onChange={setRoles} />}
      </Field>
      <Field label={t('validDays')} hint={t('validDaysHint')} error={errorOf('validDays')}>
        {({ status, ...ids }) => <InputNumber {...ids} {...(status === '' ? {} : { status })} min={1} max={365} precision={0} controls={false} value={validDays} onChange={setValidDays} />}
      </Field>
      <Field label={t('key')} group consequence={ownKey ? t('ownKeyConsequence') : t('madeKeyConsequence')}>
        {() => (
          <Radio.Group
            value={ownKey}
            onChange={(event) => setOwnKey(event.target.value === true)}
            options={[{ value: true, label: t('ownKey') }, { value: false, label: t('madeKey') }]}
          />
        )}
      </Field>
      {ownKey && (
        <>
          <p className={css.note}>{t('csrHow')}</p>
          <CodeBlock text={csrCommands(name.trim())} what={t('csrCommands')} />
          <br />
          <Field label={t('csr')} error={errorOf('csr')}>
            {(ids) => (
              <Input.TextArea
                {...ids}
                className={css.csr ?? ''}
                rows={6}
                value={csr}
                maxLength={20_000}
                placeholder="-----BEGIN CERTIFICATE REQUEST-----"
                onChange={(event) => setCsr(event.target.value)}
                autoComplete="off"
                spellCheck={false}
              />
            )}
          </Field>
        </>
      )}
      {elsewhere.length > 0 && <Problems problems={elsewhere} />}
      <div className={css.actions}>
        <Explained why={why} type="primary" htmlType="submit" loading={busy}>
          {t('create')}
        </Explained>
        <Explained why={undefined} onClick={onClose}>
          {t('close')}
        </Explained>
      </div>
    </form>
  );
}
