import { Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { TemplatesDocument } from '../graphql/generated/graphql.ts';
import { useQuery } from '../graphql/use-live.ts';
import { Field } from '../ui/field.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { useDraft } from './draft-context.ts';
import { addContract } from './draft.ts';
import { NameFields } from './name-fields.tsx';
import css from './create-consortium.module.css';

const noContract = '';

/** The purpose sets the contract; what else it could set is decided on the full path. */
function Purpose() {
  const { t } = useTranslation('create');
  const { draft, change } = useDraft();
  const live = useQuery(TemplatesDocument, {});
  return (
    <LivePart live={live} waiting={t('waitingTemplates')}>
      {({ templates }) => {
        const chosen = templates.find(({ id }) => draft.contracts.some(({ template }) => template === id));
        const choose = (id: string): void => {
          const template = templates.find((candidate) => candidate.id === id);
          change((before) => {
            const without = { ...before, contracts: [] };
            return template ? addContract(without, template) : without;
          });
        };
        return (
          <Field label={t('purpose')} group consequence={chosen ? t('purposeContract', { contract: chosen.id }) : t('purposeNone')}>
            {() => (
              <Radio.Group className={css.choices ?? ''} value={chosen?.id ?? noContract} onChange={(event) => choose(String(event.target.value))}>
                {templates.map(({ id, title, description }) => (
                  <Radio key={id} value={id}>
                    <span lang="en">
                      <strong>{title}</strong>
                      <span className={css.choiceHint}>{description}</span>
                    </span>
                  </Radio>
                ))}
                <Radio value={noContract}>
                  <strong>{t('purposeEmpty')}</strong>
                  <span className={css.choiceHint}>{t('purposeEmptyHint')}</span>
                </Radio>
              </Radio.Group>
            )}
          </Field>
        );
      }}
    </LivePart>
  );
}

export function StartScreen() {
  const { t } = useTranslation('create');
  return (
    <Panel title={t('screen.start')}>
      <NameFields />
      <Purpose />
    </Panel>
  );
}
