import { Checkbox, Input, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsortiumNow } from '../consortia/consortium-context.ts';
import { isShortName, maxLengths } from '../create-consortium/names.ts';
import { useFormat } from '../i18n/use-format.ts';
import { Field } from '../ui/field.tsx';
import type { PeerDraft } from './peer-draft.ts';
import css from './nodes.module.css';

interface Properties {
  consortium: ConsortiumNow;
  draft: PeerDraft;
  /** What the server says of a field. */
  errorOf: (field: keyof PeerDraft) => ReactNode;
  onChange: (change: Partial<PeerDraft>) => void;
  nameFor: (member: string) => string;
}

const optional = ['cpu', 'memory', 'storage', 'storageClass'] as const;
const longest = { cpu: 20, memory: 20, storage: 20, storageClass: 253 } as const;

function Channels({ consortium, draft, errorOf, onChange }: Omit<Properties, 'nameFor'>) {
  const { t } = useTranslation('nodes');
  const format = useFormat();
  const possible = consortium.channels.filter(({ members }) => members.some(({ name }) => name === draft.member)).map(({ name }) => name);
  const chosen = draft.channels ?? possible;
  const consequence = chosen.length === 0 ? t('joinsNone') : t('joins', { count: chosen.length, names: format.list(chosen) });
  return (
    <Field group label={t('field.channels')} consequence={possible.length === 0 ? t('noChannelOf') : consequence} error={errorOf('channels')}>
      {() => (
        <Checkbox.Group
          className={css.channelsChoice ?? ''}
          options={possible}
          value={[...chosen]}
          onChange={(names) => onChange({ channels: names.length === possible.length ? undefined : names })}
        />
      )}
    </Field>
  );
}

export function PeerForm({ nameFor, ...properties }: Properties) {
  const { t } = useTranslation('nodes');
  const { consortium, draft, errorOf, onChange } = properties;
  const nameError = isShortName(draft.name.trim()) ? errorOf('name') : t('wrongName');
  return (
    <div className={css.form}>
      <Field label={t('field.member')} hint={t('memberHint')} error={errorOf('member')}>
        {({ status, ...ids }) => (
          <Select
            {...ids}
            {...(status === '' ? {} : { status })}
            className={css.select ?? ''}
            showSearch
            value={draft.member}
            options={consortium.members.map(({ name, displayName }) => ({ value: name, label: displayName === null || displayName === name ? name : `${displayName} (${name})` }))}
            onChange={(member: string) => onChange({ member, name: nameFor(member), channels: undefined })}
          />
        )}
      </Field>
      <Field label={t('field.name')} hint={t('nameHint')} error={nameError}>
        {(ids) => <Input {...ids} value={draft.name} maxLength={maxLengths.shortName} autoComplete="off" spellCheck={false} onChange={(event) => onChange({ name: event.target.value })} />}
      </Field>
      <Channels {...properties} />
      <div className={css.sizes}>
        {optional.map((field) => (
          <Field key={field} label={t(`field.${field}`)} hint={t(`hint.${field}`)} error={errorOf(field)}>
            {(ids) => <Input {...ids} value={draft[field]} maxLength={longest[field]} autoComplete="off" spellCheck={false} onChange={(event) => onChange({ [field]: event.target.value })} />}
          </Field>
        ))}
      </div>
    </div>
  );
}
