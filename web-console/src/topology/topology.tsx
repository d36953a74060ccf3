import { DownloadOutlined } from '@ant-design/icons';
import { Button, Segmented } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useAppearance } from '../app/appearance-context.ts';
import { paletteOf } from '../app/theme.ts';
import type { ConsortiumNow } from '../consortia/consortium-context.ts';
import { ConsortiumPage } from '../consortia/consortium-page.tsx';
import { problemsOf } from '../graphql/problem.ts';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { useNotify } from '../ui/notices.tsx';
import { ServerText } from '../ui/server-text.tsx';
import { Drawing } from './drawing.tsx';
import { Crown, RoleIcon } from './icons.tsx';
import { topologyOf } from './model.ts';
import { download, pictureOf, pngOf } from './picture.ts';
import { TopologyTable } from './topology-table.tsx';
import css from './topology.module.css';

function Legend() {
  const { t } = useTranslation('topology');
  const { muted, warn } = paletteOf(useAppearance().dark);
  return (
    <ul className={css.legend}>
      {(['orderer', 'peer', 'contract'] as const).map((role) => (
        <li key={role}>
          <svg width={14} height={14} aria-hidden>
            <RoleIcon role={role} x={0} y={0} colour={muted} />
          </svg>
          {t(`role.${role}`)}
        </li>
      ))}
      <li>
        <svg width={14} height={12} aria-hidden>
          <Crown x={0} y={0} colour={warn} />
        </svg>
        {t('leader')}
      </li>
    </ul>
  );
}

function Drawn({ consortium }: { consortium: ConsortiumNow }) {
  const { t } = useTranslation('topology');
  const notify = useNotify();
  const drawing = useRef<SVGSVGElement>(null);
  const { lanes, bands } = topologyOf(consortium, new Date());
  const save = async (kind: 'svg' | 'png'): Promise<void> => {
    if (!drawing.current) return;
    const svg = pictureOf(drawing.current);
    const { width, height } = drawing.current.viewBox.baseVal;
    const blob = kind === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await pngOf(svg, { width, height });
    download(blob, `${consortium.name}.${kind}`);
  };
  const onSave = (kind: 'svg' | 'png'): void => {
    save(kind).catch((error: unknown) => notify({ kind: 'error', title: t('notSaved'), description: <ServerText text={problemsOf(error)[0].message} /> }));
  };
  return (
    <Panel
      title={t('picture')}
      extra={
        <>
          <Button size="small" icon={<DownloadOutlined />} onClick={() => onSave('svg')}>
            SVG
          </Button>
          <Button size="small" icon={<DownloadOutlined />} onClick={() => onSave('png')}>
            PNG
          </Button>
        </>
      }
    >
      <div className={css.scroll}>
        <Drawing ref={drawing} consortium={consortium.name} lanes={lanes} bands={bands} />
      </div>
      <Legend />
    </Panel>
  );
}

/** Who runs what, and how it is at this moment: as a picture, or the same as a table. */
export function Topology() {
  const { t } = useTranslation('topology');
  const [search, setSearch] = useSearchParams();
  const view = search.get('view') === 'table' ? 'table' : 'picture';
  return (
    <ConsortiumPage
      title={t('title')}
      lead={() => t('lead')}
      actions={() => (
        <Segmented<'picture' | 'table'>
          aria-label={t('view')}
          value={view}
          onChange={(next) => setSearch(next === 'table' ? { view: next } : {}, { replace: true })}
          options={[
            { value: 'picture', label: t('picture') },
            { value: 'table', label: t('table') },
          ]}
        />
      )}
    >
      {(consortium) => {
        if (consortium.members.length === 0) return <Empty title={t('nothing')}>{t('nothingLead')}</Empty>;
        return view === 'table' ? <TopologyTable consortium={consortium} /> : <Drawn consortium={consortium} />;
      }}
    </ConsortiumPage>
  );
}
