import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Explained } from '../ui/explained.tsx';
import { Field } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { useClearing } from '../ui/use-clearing.tsx';
import { useDraft } from './draft-context.ts';
import { addChannel, changeChannel, membersOf, removeChannel, type ChannelDraft, type PolicyChoice } from './draft.ts';
import { maxLengths } from './names.ts';
import { majorityOf } from './quorum.ts';
import css from './create-consortium.module.css';

const policyChoices = ['majority', 'all', 'any', 'own'] as const satisfies readonly PolicyChoice[];
const lifecycleChoices = ['majority', 'all', 'any'] as const;
const maxChannels = 20;

const neededOf = (choice: PolicyChoice, all: number): number => (choice === 'any' ? Math.min(1, all) : choice === 'all' ? all : majorityOf(all));

function ChannelFields({ channel, index }: { channel: ChannelDraft; index: number }) {
  const { t } = useTranslation('create');
  const clearing = useClearing();
  const { draft, change, errorAt } = useDraft();
  const path = `channels[${index}]`;
  const set = (part: Partial<ChannelDraft>): void => change((before) => changeChannel(before, channel.key, part));
  const all = membersOf(draft, channel).length;
  const who = channel.name || t('channelNumber', { number: index + 1 });
  const batchNote = channel.timeoutMs === null && channel.maxMessages === null ? t('batchByProfile') : t('batchOwn');
  return (
    <fieldset className={css.item}>
      <legend className={css.itemTitle}>
        <bdi>{who}</bdi>
      </legend>
      <div className={css.fields}>
        <Field label={t('channelName')} error={errorAt(`${path}.name`)}>
          {(ids) => <Input {...ids} value={channel.name} maxLength={maxLengths.channelName} onChange={(event) => set({ name: event.target.value })} spellCheck={false} autoComplete="off" />}
        </Field>
        <Field label={t('channelMembers')} error={errorAt(`${path}.members`)} consequence={t('channelMembersCount', { count: all })}>
          {({ id, status, ...aria }) => (
            <Select
              {...aria}
              id={id}
              status={status}
              mode="multiple"
              allowClear={clearing}
              placeholder={t('channelMembersAll')}
              value={channel.members ?? []}
              onChange={(members: string[]) => set({ members: members.length === 0 ? undefined : members })}
              options={draft.members.map((member, position) => ({ value: member.key, label: member.name || t('memberNumber', { number: position + 1 }) }))}
            />
          )}
        </Field>
        <Field
          label={t('endorsement')}
          error={errorAt(`${path}.endorsementPolicy`)}
          consequence={channel.endorsement === 'own' ? t('endorsementOwn') : t('endorsementNeeds', { count: neededOf(channel.endorsement, all), all })}
        >
          {({ id, status, ...aria }) => (
            <>
              <Select {...aria} id={id} status={status} value={channel.endorsement} onChange={(endorsement) => set({ endorsement })} options={policyChoices.map((value) => ({ value, label: t(`policy.${value}`) }))} />
              {channel.endorsement === 'own' && (
                <Input
                  className={css.own ?? ''}
                  aria-label={t('policy.own')}
                  status={status}
                  value={channel.ownEndorsement}
                  maxLength={2000}
                  placeholder="AND('AcmeMSP.peer', 'BankMSP.peer')"
                  onChange={(event) => set({ ownEndorsement: event.target.value })}
                  spellCheck={false}
                />
              )}
            </>
          )}
        </Field>
        <Field label={t('lifecycle')} error={errorAt(`${path}.lifecycleEndorsementPolicy`)} consequence={t('lifecycleNeeds', { count: neededOf(channel.lifecycle, all), all })}>
          {({ id, status, ...aria }) => <Select {...aria} id={id} status={status} value={channel.lifecycle} onChange={(lifecycle) => set({ lifecycle })} options={lifecycleChoices.map((value) => ({ value, label: t(`policy.${value}`) }))} />}
        </Field>
        <Field label={t('timeout')} error={errorAt(`${path}.batch.timeoutMs`)} consequence={batchNote}>
          {({ id, status, ...aria }) => <InputNumber {...aria} id={id} status={status} min={1} max={60_000} precision={0} controls={false} suffix={t('milliseconds')} value={channel.timeoutMs} onChange={(timeoutMs) => set({ timeoutMs })} placeholder={t('byProfile')} />}
        </Field>
        <Field label={t('maxMessages')} error={errorAt(`${path}.batch.maxMessages`)}>
          {({ id, status, ...aria }) => <InputNumber {...aria} id={id} status={status} min={1} max={10_000} precision={0} controls={false} value={channel.maxMessages} onChange={(maxMessages) => set({ maxMessages })} placeholder={t('byProfile')} />}
        </Field>
        <Explained
          why={undefined}
          type="text"
          className={css.remove ?? ''}
          icon={<DeleteOutlined />}
          aria-label={t('removeChannel', { name: who })}
          onClick={() => change((before) => removeChannel(before, channel.key))}
        />
      </div>
    </fieldset>
  );
}

export function ChannelsScreen() {
  const { t } = useTranslation('create');
  const { draft, change } = useDraft();
  return (
    <Panel title={t('screen.channels')}>
      <p className={css.lead}>{t('channelsLead')}</p>
      {draft.channels.map((channel, index) => (
        <ChannelFields key={channel.key} channel={channel} index={index} />
      ))}
      {draft.channels.length === 0 && <p>{t('noChannels')}</p>}
      <Explained why={draft.channels.length >= maxChannels ? t('whyNoMoreChannels', { count: maxChannels }) : undefined} icon={<PlusOutlined />} onClick={() => change(addChannel)}>
        {t('addChannel')}
      </Explained>
    </Panel>
  );
}
