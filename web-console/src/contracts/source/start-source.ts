import { ContractOfConsortiumDocument, TemplateSourcesDocument } from '../../graphql/generated/graphql.ts';
import { mapLive, type Live } from '../../graphql/live.ts';
import { useQuery } from '../../graphql/use-live.ts';
import type { SourceStart } from '../paths.ts';
import { sourceOf, type Source } from './draft.ts';
import newContract from './new-contract.txt?raw';

const fresh: Source = { entry: 'main.ts', files: [{ path: 'main.ts', text: newContract }] };

/** The files that a draft begins with; null when there are none to be had. */
export function useStartSource(start: SourceStart): Live<Source | null> {
  const templates = useQuery(TemplateSourcesDocument, {}, { skip: start.kind !== 'template' });
  const contracts = useQuery(ContractOfConsortiumDocument, { consortium: start.kind === 'contract' ? start.consortium : '' }, { skip: start.kind !== 'contract' });
  switch (start.kind) {
    case 'new':
      return { state: 'live', data: fresh, heardAt: new Date(0) };
    case 'template':
      return mapLive(templates, (data) => {
        const found = data.templates.find(({ id }) => id === start.template)?.versions.find(({ version }) => version === start.version);
        return found ? sourceOf(found.source) : null;
      });
    case 'contract':
      return mapLive(contracts, (data) => {
        const found = data.consortium?.contracts.find(({ name }) => name === start.contract)?.source;
        return found ? sourceOf(found) : null;
      });
    default:
      return start satisfies never;
  }
}
