import { useMemo } from 'react';
import { CheckContractDocument, TemplateSourcesDocument, type CheckContractQuery } from '../../graphql/generated/graphql.ts';
import { dataOf, type Live } from '../../graphql/live.ts';
import type { ApiProblem } from '../../graphql/problem.ts';
import { useQuery } from '../../graphql/use-live.ts';
import { readMetadata } from '../metadata.ts';
import { sourceOf, storedSource, type Source } from '../source/draft.ts';
import { useStartSource } from '../source/start-source.ts';
import { startOf } from '../paths.ts';
import type { Code } from './deploy-input.ts';

export type CodeState = { state: 'loading' } | { state: 'missing' } | { state: 'broken'; problems: readonly ApiProblem[] } | { state: 'known'; code: Code; /** Undefined: of an image. */ source: Source | undefined; roles: readonly string[] };

const storage = (): Storage => window.sessionStorage;
const nothing: Source = { entry: '', files: [] };

type Verdict = CheckContractQuery['checkContract'];

const brokenBy = (verdict: Verdict): CodeState => ({
  state: 'broken',
  problems: verdict.problems.map(({ message, nextAction, file, line }) => ({ code: 'INVALID_INPUT', message, nextAction, ...(file === null ? {} : { path: `${file}:${line ?? 1}` }) })),
});

function checked(source: Source, check: Live<CheckContractQuery>): CodeState {
  if (check.state === 'error') return { state: 'broken', problems: [check.problem] };
  const verdict = dataOf(check)?.checkContract;
  if (!verdict) return { state: 'loading' };
  if (!verdict.ok) return brokenBy(verdict);
  const metadata = readMetadata(verdict.metadata);
  return { state: 'known', code: { kind: 'source', source, version: metadata?.version ?? '' }, source, roles: metadata?.roles.map(({ name }) => name) ?? [] };
}

const inputOf = ({ entry, files }: Source) => ({ source: { entry, files: [...files] } });

/** The files of a draft as they were left in the editor, with the version that they say of themselves. */
function useDraftCode(draft: string | null): CodeState {
  const start = useStartSource(startOf(new URLSearchParams(draft ?? '')));
  const source = useMemo(() => (draft === null ? undefined : storedSource(storage, draft)), [draft]) ?? (draft === null ? undefined : (dataOf(start) ?? undefined));
  const check = useQuery(CheckContractDocument, { input: inputOf(source ?? nothing) }, { skip: source === undefined });
  if (source) return checked(source, check);
  if (start.state === 'error') return { state: 'broken', problems: [start.problem] };
  return start.state === 'loading' ? { state: 'loading' } : { state: 'missing' };
}

function useTemplateCode(template: string | null, version: string): CodeState {
  const live = useQuery(TemplateSourcesDocument, {}, { skip: template === null });
  if (live.state === 'error') return { state: 'broken', problems: [live.problem] };
  const known = dataOf(live)?.templates;
  if (!known) return { state: 'loading' };
  const chosen = known.find(({ id }) => id === template);
  const found = chosen?.versions.find((each) => each.version === version);
  return chosen && found ? { state: 'known', code: { kind: 'template', template: chosen.id, version }, source: sourceOf(found.source), roles: chosen.roles.map(({ name }) => name) } : { state: 'missing' };
}

/** The code that an address speaks of. */
export function useCode(search: URLSearchParams): CodeState {
  const template = search.get('template');
  const draft = search.get('draft');
  const image = search.get('image');
  const ofTemplate = useTemplateCode(template, search.get('version') ?? '');
  const ofDraft = useDraftCode(draft);
  if (image !== null) return { state: 'known', code: { kind: 'image', image, version: '' }, source: undefined, roles: [] };
  if (template !== null) return ofTemplate;
  return draft === null ? { state: 'missing' } : ofDraft;
}
