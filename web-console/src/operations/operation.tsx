import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { consortiumPath } from '../app/paths.ts';
import { OperationNowDocument, type OperationNowSubscription } from '../graphql/generated/graphql.ts';
import { useLive } from '../graphql/use-live.ts';
import { Copyable } from '../ui/copyable.tsx';
import { Empty } from '../ui/empty.tsx';
import { Facts } from '../ui/facts.tsx';
import { Elapsed, Moment } from '../ui/moment.tsx';
import { Page } from '../ui/page.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { Problems } from '../ui/problems.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { OperationActions } from './operation-actions.tsx';
import { OperationLog } from './operation-log.tsx';
import { OperationPlan } from './operation-plan.tsx';
import { OperationStatus } from './operation-status.tsx';
import { hasEnded } from './operation-state.ts';
import { OperationSteps } from './operation-steps.tsx';
import { useOperationWords } from './operation-words.ts';

export type OperationNow = OperationNowSubscription['operation'];

function OperationBody({ operation }: { operation: OperationNow }) {
  const { t } = useTranslation('operations');
  return (
    <>
      {operation.problem && <Problems problems={[operation.problem]} />}
      <Panel title={t('now')}>
        <Facts
          facts={[
            { term: t('column.state'), value: <OperationStatus state={operation.state} /> },
            { term: t('column.consortium'), value: <Link to={consortiumPath(operation.consortium)}><Untrusted text={operation.consortium} /></Link> },
            { term: t('column.begun'), value: <Moment at={operation.createdAt} /> },
            { term: t('column.took'), value: <Elapsed from={operation.createdAt} to={operation.finishedAt} /> },
            { term: t('column.actor'), value: <Untrusted text={operation.actor} /> },
            { term: t('id'), value: <Copyable text={operation.id} what={t('id')} /> },
          ]}
        />
      </Panel>
      <Panel title={t('steps')}>
        <OperationSteps operation={operation} />
      </Panel>
      <Panel title={t('log')}>
        <OperationLog id={operation.id} ended={hasEnded(operation.state)} />
      </Panel>
      <Panel title={t('plan')}>
        <OperationPlan plan={operation.plan} />
      </Panel>
    </>
  );
}

/** One operation, live until it ends. */
export function Operation() {
  const { t } = useTranslation('operations');
  const words = useOperationWords();
  const { id = '' } = useParams();
  // What has ended is told of once; a retry makes it go on.
  const [round, setRound] = useState(0);
  const live = useLive(OperationNowDocument, { id }, { isLast: ({ operation }) => hasEnded(operation.state), round });
  const operation = live.state === 'live' || live.state === 'stale' ? live.data.operation : undefined;
  return (
    <Page
      title={operation ? t('titleOf', { kind: words.kind(operation.kind), consortium: operation.consortium }) : t('one')}
      crumbs={[{ title: t('title'), to: '/operations' }]}
      actions={operation && <OperationActions operation={operation} onChanged={() => setRound(round + 1)} />}
    >
      <LivePart live={live} waiting={t('waitingOne')} missing={<Empty title={t('noSuch')} action={<Link to="/operations">{t('toAll')}</Link>}>{t('noSuchLead')}</Empty>}>
        {(data) => <OperationBody operation={data.operation} />}
      </LivePart>
    </Page>
  );
}
