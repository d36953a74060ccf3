import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { nodesPath } from '../app/paths.ts';
import { CertificateTable } from '../certificates/certificate-table.tsx';
import type { ConsortiumNow } from '../consortia/consortium-context.ts';
import { ConsortiumPage } from '../consortia/consortium-page.tsx';
import { NodeHealth } from '../consortia/node-health.tsx';
import { NodeDetailDocument } from '../graphql/generated/graphql.ts';
import { useQuery } from '../graphql/use-live.ts';
import { ConditionList } from '../ui/condition-list.tsx';
import { Empty } from '../ui/empty.tsx';
import { Explained } from '../ui/explained.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { ChangeNode } from './change-node.tsx';
import { NodeChannels } from './node-channels.tsx';
import { NodeEndpoints, NodeFacts } from './node-facts.tsx';
import { NodeLog } from './node-log.tsx';
import { RemoveNode } from './remove-node.tsx';
import { RestartNode } from './restart-node.tsx';
import { whyNoRemoval } from './why-no-removal.ts';

type Node = ConsortiumNow['nodes'][number];

const refreshMs = 5000;

function NodeActions({ consortium, node }: { consortium: ConsortiumNow; node: Node }) {
  const { t } = useTranslation('nodes');
  const [doing, setDoing] = useState<'change' | 'restart' | 'remove'>();
  const names = { consortium: consortium.name, member: node.member, name: node.name };
  const notLive = consortium.state === 'live' ? undefined : t('whyNotLive');
  const noRemoval = whyNoRemoval(node, consortium.nodes);
  return (
    <>
      <Explained why={notLive} onClick={() => setDoing('change')}>
        {t('change')}
      </Explained>
      <Explained why={notLive} onClick={() => setDoing('restart')}>
        {t('restart')}
      </Explained>
      <Explained why={notLive ?? (noRemoval && t(`noRemoval.${noRemoval}`))} danger onClick={() => setDoing('remove')}>
        {t('remove')}
      </Explained>
      {doing === 'change' && <ChangeNode id={node.id} node={names} onClose={() => setDoing(undefined)} />}
      {doing === 'restart' && <RestartNode node={names} onClose={() => setDoing(undefined)} />}
      {doing === 'remove' && <RemoveNode node={names} onClose={() => setDoing(undefined)} />}
    </>
  );
}

function NodeBody({ consortium, node }: { consortium: ConsortiumNow; node: Node }) {
  const { t } = useTranslation('nodes');
  const detail = useQuery(NodeDetailDocument, { id: node.id }, { everyMs: refreshMs });
  return (
    <>
      <Panel title={t('now')} extra={<Link to={`/operations?consortium=${encodeURIComponent(consortium.name)}`}>{t('operations')}</Link>}>
        <LivePart live={detail} waiting={t('waiting')}>
          {(data) => (
            <>
              <NodeFacts node={node} detail={data.node} />
              <ConditionList conditions={data.node.conditions} />
            </>
          )}
        </LivePart>
      </Panel>
      <Panel title={t('channels')} flush>
        <NodeChannels consortium={consortium} node={node} />
      </Panel>
      <Panel title={t('endpoints')}>
        <LivePart live={detail} waiting={t('waiting')}>
          {(data) => <NodeEndpoints node={node} detail={data.node} />}
        </LivePart>
      </Panel>
      <Panel title={t('certificates')} flush>
        <LivePart live={detail} waiting={t('waiting')} empty={{ when: (data) => data.node.certificates.length === 0, show: <Empty title={t('noCertificates')} /> }}>
          {(data) => <CertificateTable certificates={data.node.certificates} caption={t('certificates')} />}
        </LivePart>
      </Panel>
      <Panel title={t('log.title')}>
        <NodeLog id={node.id} />
      </Panel>
    </>
  );
}

export function NodeScreen() {
  const { t } = useTranslation('nodes');
  const { name: consortium = '', member = '', node: name = '' } = useParams();
  const find = ({ nodes }: ConsortiumNow): Node | undefined => nodes.find((node) => node.member === member && node.name === name);
  return (
    <ConsortiumPage
      title={`${member}/${name}`}
      crumbs={[{ title: t('title'), to: nodesPath(consortium) }]}
      lead={(known) => {
        const node = find(known);
        return node && <NodeHealth health={node.health} />;
      }}
      actions={(known) => {
        const node = find(known);
        return node && <NodeActions consortium={known} node={node} />;
      }}
    >
      {(known) => {
        const node = find(known);
        if (!node) return <Empty title={t('gone')} action={<Link to={nodesPath(consortium)}>{t('toNodes')}</Link>}>{t('goneLead')}</Empty>;
        return <NodeBody key={node.id} consortium={known} node={node} />;
      }}
    </ConsortiumPage>
  );
}
