import { Button, Input, Radio, type InputRef } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../ui/field.tsx';
import { useDraft } from './draft-context.ts';
import { maxLengths } from './names.ts';
import css from './create-consortium.module.css';

/** The name, checked while it is typed, and the profile. */
export function NameFields() {
  const { t } = useTranslation('create');
  const { draft, change, errorAt, nameCheck: check } = useDraft();
  const field = useRef<InputRef>(null);
  const takeFree = (free: string): void => {
    change((before) => ({ ...before, name: free }));
    field.current?.focus();
  };
  return (
    <>
      <Field label={t('name')} hint={t('nameHint')} error={errorAt('name') ?? (check.state === 'taken' ? t('nameTaken', { name: draft.name }) : undefined)} consequence={check.state === 'free' && t('nameFree')}>
        {(ids) => (
          <div className={css.offer}>
            <Input
              {...ids}
              ref={field}
              className={css.short ?? ''}
              value={draft.name}
              maxLength={maxLengths.shortName}
              onChange={(event) => change((before) => ({ ...before, name: event.target.value }))}
              spellCheck={false}
              autoComplete="off"
            />
            {check.state === 'taken' && <Button onClick={() => takeFree(check.free)}>{t('nameUse', { name: check.free })}</Button>}
          </div>
        )}
      </Field>
      <Field label={t('profile')} group consequence={t(`profileConsequence.${draft.profile}`)} error={errorAt('profile')}>
        {() => (
          <Radio.Group
            value={draft.profile}
            onChange={(event) => change((before) => ({ ...before, profile: event.target.value === 'production' ? 'production' : 'sandbox' }))}
            options={(['sandbox', 'production'] as const).map((value) => ({ value, label: t(`profileOf.${value}`) }))}
          />
        )}
      </Field>
    </>
  );
}
