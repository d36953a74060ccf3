import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { consortiumPath, contractPath, contractsPath } from '../../app/paths.ts';
import { useConsortium } from '../../consortia/consortium-context.ts';
import { dataOf } from '../../graphql/live.ts';
import { Empty } from '../../ui/empty.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { Page } from '../../ui/page.tsx';
import { LivePart, Panel } from '../../ui/panel.tsx';
import { Problems } from '../../ui/problems.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { templatesPath } from '../paths.ts';
import { ChooseCode } from './choose-code.tsx';
import { DeployForm } from './deploy-form.tsx';
import { useCode } from './use-code.ts';

/** Deploys a contract, or upgrades the one that the address names. */
export function DeployPage() {
  const { t } = useTranslation('deploy');
  const live = useConsortium();
  const { contract: upgraded } = useParams();
  const [search] = useSearchParams();
  const code = useCode(search);
  const name = dataOf(live)?.name ?? '';
  const title = upgraded === undefined ? t('title') : t('upgradeTitle', { contract: upgraded });
  return (
    <Page title={title} crumbs={[{ title: t('home'), to: '/' }, { title: name, to: consortiumPath(name) }, { title: t('contracts'), to: contractsPath(name) }, ...(upgraded === undefined ? [] : [{ title: upgraded, to: contractPath(name, upgraded) }])]} lead={t('lead')}>
      <LivePart live={live} waiting={t('waiting')}>
        {(consortium) => {
          const standing = consortium.contracts.find((contract) => contract.name === upgraded);
          if (upgraded !== undefined && !standing) return <Empty title={t('noSuchContract', { contract: upgraded })} action={<Link to={contractsPath(name)}>{t('toContracts')}</Link>} />;
          return (
            <>
              {standing && !search.has('draft') && <ChooseCode consortium={name} standing={standing} chosen={code.state === 'known' ? code.code : undefined} />}
              {code.state === 'loading' && <Waiting words={t('waitingCode')} />}
              {code.state === 'missing' && !standing && <Empty title={t('noCode')} action={<LinkButton to={templatesPath(name)} type="primary">{t('toTemplates')}</LinkButton>}>{t('noCodeLead')}</Empty>}
              {code.state === 'broken' && <Panel title={t('broken')}><Problems problems={code.problems} /></Panel>}
              {code.state === 'known' && <DeployForm key={search.toString()} consortium={consortium} standing={standing} code={code.code} source={code.source} roles={code.roles} />}
            </>
          );
        }}
      </LivePart>
    </Page>
  );
}
