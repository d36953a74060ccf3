import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { TemplateSourcesDocument } from '../../graphql/generated/graphql.ts';
import { useQuery } from '../../graphql/use-live.ts';
import { Field } from '../../ui/field.tsx';
import { LivePart, Panel } from '../../ui/panel.tsx';
import { sourcePath, upgradePath } from '../paths.ts';
import type { Code } from './deploy-input.ts';
import { useRunsImages } from './use-runs-images.ts';
import css from '../contracts.module.css';

const valueOf = (template: string, version: string): string => JSON.stringify({ template, version });

/** To what a contract is upgraded: a version of a template, its source as it is edited, which an image has not, or an image. */
export function ChooseCode({ consortium, standing, chosen }: { consortium: string; standing: { name: string; image: string | null }; chosen: Code | undefined }) {
  const { t } = useTranslation('deploy');
  const navigate = useNavigate();
  const runsImages = useRunsImages();
  const live = useQuery(TemplateSourcesDocument, {});
  return (
    <Panel title={t('chooseCode')}>
      <LivePart live={live} waiting={t('waitingTemplates')}>
        {({ templates }) => (
          <div className={css.fields}>
            <Field label={t('templateVersion')}>
              {({ id }) => (
                <Select
                  id={id}
                  value={chosen?.kind === 'template' ? valueOf(chosen.template, chosen.version) : null}
                  placeholder={t('choose')}
                  options={templates.flatMap((template) => template.versions.map(({ version }) => ({ value: valueOf(template.id, version), label: `${template.title} ${version}` })))}
                  onChange={(chosen: string) => void navigate(upgradePath(consortium, standing.name, JSON.parse(chosen) as { template: string; version: string }))}
                />
              )}
            </Field>
            {standing.image === null && (
              <p>
                <Link to={sourcePath({ kind: 'contract', consortium, contract: standing.name })}>{t('editInstead')}</Link>
              </p>
            )}
            {runsImages && (
              <p>
                <Link to={upgradePath(consortium, standing.name, { image: '' })}>{t('imageInstead')}</Link>
              </p>
            )}
          </div>
        )}
      </LivePart>
    </Panel>
  );
}
