import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { consortiumPath } from '../../app/paths.ts';
import { useConsortium } from '../../consortia/consortium-context.ts';
import { dataOf } from '../../graphql/live.ts';
import { Empty } from '../../ui/empty.tsx';
import { Page } from '../../ui/page.tsx';
import { LivePart, Panel } from '../../ui/panel.tsx';
import { Problems } from '../../ui/problems.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { contractsPath } from '../../app/paths.ts';
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
    <Page title={title} crumbs={[{ title: t('home'), to: '/' }, { title: name, to: consortiumPath(name) }, { title: t('contracts'), to: contractsPath(name) }]} lead={t('lead')}>
      <LivePart live={live} waiting={t('waiting')}>
        {(consortium) => {
          const standing = consortium.contracts.find((contract) => contract.name === upgraded);
          if (upgraded !== undefined && !standing) return <Empty title={t('noSuchContract', { contract: upgraded })} />;
          return (
            <>
              {standing && <ChooseCode consortium={name} contract={standing.name} />}
              {code.state === 'loading' && <Waiting words={t('waitingCode')} />}
              {code.state === 'missing' && !standing && <Empty title={t('noCode')}>{t('noCodeLead')}</Empty>}
              {code.state === 'broken' && <Panel title={t('broken')}><Problems problems={code.problems} /></Panel>}
              {code.state === 'known' && <DeployForm key={search.toString()} consortium={consortium} standing={standing} code={code.code} source={code.source} />}
            </>
          );
        }}
      </LivePart>
    </Page>
  );
}
