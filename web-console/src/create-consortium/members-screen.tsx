import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Input, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { MissingRolesAdvice } from '../contracts/missing-roles-advice.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { Explained } from '../ui/explained.tsx';
import { Field } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { TemplatesDocument, type TemplatesQuery } from '../graphql/generated/graphql.ts';
import { dataOf } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { useDraft } from './draft-context.ts';
import { addMember, changeMember, removeMember, type MemberDraft, type Placement } from './draft.ts';
import { mspIdOf } from './draft-input.ts';
import { maxLengths } from './names.ts';
import { OrderingConsequence } from './ordering-consequence.tsx';
import css from './create-consortium.module.css';

const maxMembers = 50;

type Role = TemplatesQuery['templates'][number]['roles'][number];

/** The roles that templates know, as suggestions: any other can be typed. */
const rolesOf = (templates: TemplatesQuery['templates']): Role[] => [...new Map(templates.flatMap(({ roles }) => roles).map((role) => [role.name, role])).values()];

function MemberFields({ member, index, full, roles }: { member: MemberDraft; index: number; full: boolean; roles: readonly Role[] }) {
  const { t } = useTranslation('create');
  const { draft, change, errorAt } = useDraft();
  const path = `members[${index}]`;
  const set = (part: Partial<MemberDraft>): void => change((before) => changeMember(before, member.key, part));
  const who = member.name || t('memberNumber', { number: index + 1 });
  return (
    <fieldset className={css.item}>
      <legend className={css.itemTitle}>
        <bdi>{who}</bdi>
        {index === 0 && <span className={css.itemNote}>{t('founder')}</span>}
      </legend>
      <div className={css.fields}>
        <Field label={t('memberName')} error={errorAt(`${path}.name`)} consequence={!full && mspIdOf(member) !== '' && t('mspIdWillBe', { mspId: mspIdOf(member) })}>
          {(ids) => <Input {...ids} value={member.name} maxLength={maxLengths.shortName} onChange={(event) => set({ name: event.target.value })} spellCheck={false} autoComplete="off" />}
        </Field>
        {full && (
          <>
            <Field label={t('displayName')} error={errorAt(`${path}.displayName`)}>
              {(ids) => <Input {...ids} value={member.displayName} maxLength={maxLengths.displayName} onChange={(event) => set({ displayName: event.target.value })} autoComplete="off" />}
            </Field>
            <Field label={t('mspId')} error={errorAt(`${path}.mspId`)}>
              {(ids) => <Input {...ids} value={mspIdOf(member)} maxLength={maxLengths.mspId} onChange={(event) => set({ mspId: event.target.value })} spellCheck={false} autoComplete="off" />}
            </Field>
          </>
        )}
        <Field label={t('applicationRoles')} error={errorAt(`${path}.applicationRoles`)}>
          {({ id, status, ...aria }) => (
            <Select
              {...aria}
              id={id}
              status={status}
              mode="tags"
              maxCount={20}
              value={member.applicationRoles}
              onChange={(applicationRoles: string[]) => set({ applicationRoles })}
              optionLabelProp="value"
              popupMatchSelectWidth={false}
              options={roles.map(({ name, title }) => ({ value: name, label: <span lang="en">{name} – {title}</span> }))}
              tokenSeparators={[',', ' ']}
            />
          )}
        </Field>
        <Explained
          why={draft.members.length === 1 ? t('whyKeepMember') : undefined}
          type="text"
          className={css.remove ?? ''}
          icon={<DeleteOutlined />}
          aria-label={t('removeMember', { name: who })}
          onClick={() => change((before) => removeMember(before, member.key))}
        />
      </div>
    </fieldset>
  );
}

/** In words; the full path has a screen of its own with numbers. */
function PlacementChoice() {
  const { t } = useTranslation('create');
  const { draft, change, errorAt } = useDraft();
  const choices: readonly Placement[] = draft.placement === 'own' ? ['each', 'founder', 'own'] : ['each', 'founder'];
  return (
    <Field label={t('orderingBy')} group error={errorAt('channels[0].orderers')} consequence={<OrderingConsequence />}>
      {() => (
        <Radio.Group
          value={draft.placement}
          onChange={(event) => change((before) => ({ ...before, placement: choices.find((choice) => choice === event.target.value) ?? before.placement }))}
          options={choices.map((value) => ({ value, label: t(`placement.${value}`) }))}
        />
      )}
    </Field>
  );
}

export function MembersScreen() {
  const { t } = useTranslation('create');
  const { draft, change, errorAt } = useDraft();
  const [search] = useSearchParams();
  const full = search.get('path') === 'full';
  const templates = dataOf(useQuery(TemplatesDocument, {}))?.templates ?? [];
  const roles = rolesOf(templates);
  return (
    <Panel title={t('screen.members')}>
      <p className={css.lead}>{[t('membersLead'), t('rolesLead')].join(useFormat().gap)}</p>
      {draft.members.map((member, index) => (
        <MemberFields key={member.key} member={member} index={index} full={full} roles={roles} />
      ))}
      {draft.members.length === 0 && errorAt('members')}
      <Explained why={draft.members.length >= maxMembers ? t('whyNoMoreMembers', { count: maxMembers }) : undefined} icon={<PlusOutlined />} onClick={() => change(addMember)}>
        {t('addMember')}
      </Explained>
      {templates.filter(({ id }) => draft.contracts.some(({ template }) => template === id)).map(({ id, roles: wanted }) => (
        <MissingRolesAdvice key={id} contract={id} roles={wanted.map(({ name }) => name)} members={draft.members} />
      ))}
      <div className={css.apart}>
        {!full && <PlacementChoice />}
        <h3 className={css.noteTitle}>{t('custody')}</h3>
        <p className={css.lead}>{t('custodyHosted')}</p>
      </div>
    </Panel>
  );
}
