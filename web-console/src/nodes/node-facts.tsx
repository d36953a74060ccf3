import { useTranslation } from 'react-i18next';
import type { ConsortiumNow } from '../consortia/consortium-context.ts';
import type { NodeDetailQuery } from '../graphql/generated/graphql.ts';
import { useFormat } from '../i18n/use-format.ts';
import { Copyable } from '../ui/copyable.tsx';
import { Facts } from '../ui/facts.tsx';
import { Elapsed, Moment } from '../ui/moment.tsx';
import { Untrusted } from '../ui/untrusted.tsx';

type Node = ConsortiumNow['nodes'][number];
type Detail = NodeDetailQuery['node'];

export function NodeFacts({ node, detail }: { node: Node; detail: Detail }) {
  const { t } = useTranslation('nodes');
  const format = useFormat();
  const { role } = node;
  return (
    <Facts
      facts={[
        { term: t('fact.role'), value: role === 'peer' || role === 'orderer' ? t(`role.${role}`) : role },
        { term: t('fact.version'), value: node.version === null ? '–' : <Untrusted text={node.version} code /> },
        { term: t('fact.runsFor'), value: detail.startedAt === null ? t('notRunning') : <Elapsed from={detail.startedAt} to={null} /> },
        { term: t('fact.restarts'), value: format.number(node.restarts) },
        ...(detail.restartedAt === null ? [] : [{ term: t('fact.restartedAt'), value: <Moment at={detail.restartedAt} /> }]),
        { term: t('fact.cpu'), value: detail.cpu ?? t('asThereIs') },
        { term: t('fact.memory'), value: detail.memory ?? t('asThereIs') },
        { term: t('fact.storage'), value: detail.storage },
        ...(detail.storageClass === null ? [] : [{ term: t('fact.storageClass'), value: <Untrusted text={detail.storageClass} code /> }]),
        ...(detail.image === null ? [] : [{ term: t('fact.image'), value: <Untrusted text={detail.image} code /> }]),
        ...(detail.pod === null ? [] : [{ term: t('fact.pod'), value: <Untrusted text={detail.pod} code /> }]),
      ]}
    />
  );
}

const exposures = ['Local', 'ClusterDNS', 'NodePort', 'Gateway'] as const;
const isExposure = (text: string): text is (typeof exposures)[number] => exposures.some((each) => each === text);

export function NodeEndpoints({ node, detail }: { node: Node; detail: Detail }) {
  const { t } = useTranslation('nodes');
  const endpoint = (term: string, text: string | null) => (text === null ? [] : [{ term, value: <Copyable text={text} what={term} /> }]);
  const { exposure } = detail;
  return (
    <Facts
      facts={[
        ...endpoint(t('endpoint.grpc'), node.endpoint),
        ...endpoint(t('endpoint.external'), detail.externalEndpoint),
        ...endpoint(t('endpoint.admin'), detail.adminEndpoint),
        ...endpoint(t('endpoint.operations'), detail.operationsEndpoint),
        { term: t('endpoint.exposure'), value: isExposure(exposure) ? t(`exposure.${exposure}`) : exposure },
      ]}
    />
  );
}
