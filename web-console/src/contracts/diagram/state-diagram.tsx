import { useId, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhone } from '../../app/use-media.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import type { ContractKind, ContractMetadata } from '../metadata.ts';
import { boxSize, edgesOf, layOut, type PlacedState, type StateEdge } from './state-graph.ts';
import css from '../contracts.module.css';

const shortened = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

function State({ state }: { state: PlacedState }) {
  const [left, top] = [state.x - boxSize.width / 2, state.y - boxSize.height / 2];
  const stays = state.staying.length > 0;
  return (
    <g>
      <title>{`${state.name}: ${state.title}`}</title>
      <rect x={left} y={top} width={boxSize.width} height={boxSize.height} rx={6} className={state.final ? css.finalState : css.state} />
      {state.final && <rect x={left + 3} y={top + 3} width={boxSize.width - 6} height={boxSize.height - 6} rx={4} className={css.finalInner} />}
      <text x={state.x} y={state.y + (stays ? -4 : 4)} className={css.stateName}>
        {shortened(state.name, 16)}
      </text>
      {stays && (
        <text x={state.x} y={state.y + 14} className={css.stateStays}>
          ↻ {shortened(state.staying.join(', '), 20)}
        </text>
      )}
    </g>
  );
}

function Drawing({ kind, metadata }: { kind: ContractKind; metadata: ContractMetadata }) {
  const { t } = useTranslation('contracts');
  const marker = useId();
  const graph = useMemo(() => layOut(kind, metadata.operations), [kind, metadata]);
  return (
    <div className={css.drawing} role="region" aria-label={t('states.of', { kind: kind.title })} tabIndex={0}>
      <svg width={graph.width} height={graph.height} viewBox={`0 0 ${graph.width} ${graph.height}`} role="img" aria-label={t('states.drawing', { kind: kind.title })} lang="en">
        <defs>
          <marker id={marker} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M 0 0 L 8 4 L 0 8 z" className={css.arrow} />
          </marker>
        </defs>
        {graph.edges.map(({ key, path }) => (
          <path key={key} d={path} className={css.edge} markerEnd={`url(#${marker})`} />
        ))}
        {graph.starts.map(({ x, y }) => (
          <circle key={`${x} ${y}`} cx={x} cy={y} r={6} className={css.arrow} />
        ))}
        {graph.states.map((state) => (
          <State key={state.name} state={state} />
        ))}
        {graph.edges.map(({ key, label, labelAt }) => (
          <text key={key} x={labelAt.x} y={labelAt.y + 4} className={css.edgeLabel}>
            {shortened(label, 34)}
          </text>
        ))}
      </svg>
    </div>
  );
}

function Ways({ kind, metadata }: { kind: ContractKind; metadata: ContractMetadata }) {
  const { t } = useTranslation('contracts');
  const format = useFormat();
  const titleOf = (name: string): string => kind.states.find((state) => state.name === name)?.title ?? '';
  const edges = edgesOf(kind, metadata.operations);
  const columns: Column<StateEdge>[] = [
    { key: 'from', title: t('states.from'), show: ({ from }) => (from === null ? t('states.beginning') : <Untrusted text={from} code />) },
    { key: 'to', title: t('states.to'), show: ({ to }) => <><Untrusted text={to} code /> <bdi lang="en" className={css.wrap}>{titleOf(to)}</bdi></> },
    { key: 'by', title: t('states.operations'), show: ({ operations }) => <bdi lang="en">{format.list(operations)}</bdi> },
  ];
  return <DataTable caption={t('states.of', { kind: kind.title })} columns={columns} rows={edges} keyOf={({ from, to }) => `${from ?? ''}>${to}`} />;
}

/** The states of a contract's records, as a drawing and as a table. */
export function StateDiagram({ metadata }: { metadata: ContractMetadata }) {
  const { t } = useTranslation('contracts');
  // There the drawing is wider than the screen.
  const phone = usePhone();
  const kinds = metadata.kinds.filter(({ states }) => states.length > 0);
  if (kinds.length === 0) return <p>{t('states.none')}</p>;
  return kinds.map((kind) => (
    <div key={kind.name} className={css.kind}>
      {kinds.length > 1 && (
        <h3 lang="en">
          <Untrusted text={kind.title} />
        </h3>
      )}
      <Drawing kind={kind} metadata={metadata} />
      <details open={phone}>
        <summary>{t('states.asTable')}</summary>
        <Ways kind={kind} metadata={metadata} />
      </details>
    </div>
  ));
}
