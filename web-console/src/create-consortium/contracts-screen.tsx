import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { TemplatesDocument, type TemplatesQuery } from '../graphql/generated/graphql.ts';
import { useQuery } from '../graphql/use-live.ts';
import { MissingRolesAdvice } from '../contracts/missing-roles-advice.tsx';
import { Explained } from '../ui/explained.tsx';
import { Field } from '../ui/field.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { useDraft } from './draft-context.ts';
import { addContract, changeContract, membersOf, removeContract, type ContractDraft } from './draft.ts';
import { maxLengths } from './names.ts';
import css from './create-consortium.module.css';

type Template = TemplatesQuery['templates'][number];

function ContractFields({ contract, index, template }: { contract: ContractDraft; index: number; template: Template | undefined }) {
  const { t } = useTranslation('create');
  const { draft, change, errorAt } = useDraft();
  const path = `contracts[${index}]`;
  const set = (part: Partial<ContractDraft>): void => change((before) => changeContract(before, contract.key, part));
  const channel = draft.channels.find(({ key }) => key === contract.channel);
  return (
    <fieldset className={css.item}>
      <legend className={css.itemTitle}>
        <span lang="en"><bdi>{template?.title ?? contract.template}</bdi></span>
      </legend>
      <div className={css.fields}>
        <Field label={t('contractName')} error={errorAt(`${path}.name`)}>
          {(ids) => <Input {...ids} value={contract.name} maxLength={maxLengths.contractName} onChange={(event) => set({ name: event.target.value })} spellCheck={false} autoComplete="off" />}
        </Field>
        <Field label={t('version')} error={errorAt(`${path}.version`)} hint={<span lang="en">{template?.versions.find(({ version }) => version === contract.version)?.description}</span>}>
          {({ id, status, ...aria }) => <Select {...aria} id={id} status={status} value={contract.version} onChange={(version) => set({ version })} options={(template?.versions ?? []).map(({ version }) => ({ value: version, label: version }))} />}
        </Field>
        <Field label={t('contractChannel')} error={errorAt(`${path}.channel`)} consequence={channel && t('contractRuns', { count: membersOf(draft, channel).length })}>
          {({ id, status, ...aria }) => (
            <Select {...aria} id={id} status={status} value={contract.channel} onChange={(next) => set({ channel: next })} options={draft.channels.map(({ key, name }, position) => ({ value: key, label: name || t('channelNumber', { number: position + 1 }) }))} />
          )}
        </Field>
        <Button
          type="text"
          className={css.remove ?? ''}
          icon={<DeleteOutlined />}
          aria-label={t('removeContract', { name: contract.name })}
          onClick={() => change((before) => removeContract(before, contract.key))}
        />
      </div>
      {template && channel && <MissingRolesAdvice contract={contract.name} roles={template.roles.map(({ name }) => name)} members={membersOf(draft, channel)} />}
    </fieldset>
  );
}

export function ContractsScreen() {
  const { t } = useTranslation('create');
  const { draft, change } = useDraft();
  const live = useQuery(TemplatesDocument, {});
  const why = draft.channels.length === 0 ? t('whyNoContract') : undefined;
  return (
    <Panel title={t('screen.contracts')}>
      <p className={css.lead}>{t('contractsLead')}</p>
      <LivePart live={live} waiting={t('waitingTemplates')}>
        {({ templates }) => (
          <>
            {draft.contracts.map((contract, index) => (
              <ContractFields key={contract.key} contract={contract} index={index} template={templates.find(({ id }) => id === contract.template)} />
            ))}
            {draft.contracts.length === 0 && <p>{t('noContracts')}</p>}
            {templates.map((template) => (
              <div key={template.id} className={css.template}>
                <Explained why={why} icon={<PlusOutlined />} onClick={() => change((before) => addContract(before, template))}>
                  {t('addContract', { title: template.title })}
                </Explained>
                <span className={css.choiceHint} lang="en">
                  {template.description}
                </span>
              </div>
            ))}
          </>
        )}
      </LivePart>
    </Panel>
  );
}
