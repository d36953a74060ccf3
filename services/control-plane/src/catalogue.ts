import { catalogueEntry as receivable } from '@guildhall/contract-receivable';
import { buildContract, checkContract, contractInterface, readSource, type SourceFiles } from '@guildhall/contract-runner';
import type { BuiltContract, ContractCatalogue, ContractSource } from './contracts/catalogue.ts';

const entries = [receivable];

/** Does the work once for each key. What failed, for want of disk perhaps, is tried again when it is asked for again. */
function onceEach<T>(work: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key) => {
    const begun = known.get(key) ?? work(key);
    if (!known.has(key)) {
      known.set(key, begun);
      begun.catch(() => known.delete(key));
    }
    return begun;
  };
}

const toFiles = ({ entry, files }: ContractSource): SourceFiles => ({ entry, files: Object.fromEntries(files.map(({ path, text }) => [path, text])) });
const fromFiles = ({ entry, files }: SourceFiles): ContractSource => ({ entry, files: Object.entries(files).map(([path, text]) => ({ path, text })) });

function entryOf(template: string, version: string): string {
  const entry = entries.find((candidate) => candidate.id === template)?.versions.find((candidate) => candidate.version === version)?.entry;
  if (entry === undefined) throw new Error(`there is no template ${template} ${version}`);
  return entry;
}

/** The templates of this installation, and the builder of what callers send, for whoever composes a control plane. The same source gives the same bytes everywhere. */
export function createCatalogue(): ContractCatalogue {
  const source = onceEach(readSource);
  // From the files that are shown as its source, so that these are what it is built from.
  const build = onceEach(async (entry): Promise<BuiltContract> => buildContract(await source(entry)));
  const offered = onceEach(contractInterface);
  return {
    templates: entries.map(({ id, title, description, roles, versions }) => ({
      id,
      title,
      description,
      roles,
      versions: versions.map(({ version, changes }) => ({ version, description: changes })),
    })),
    build: async (template, version) => build(entryOf(template, version)),
    source: async (template, version) => fromFiles(await source(entryOf(template, version))),
    check: (given) => checkContract(toFiles(given)),
    interface: () => offered(''),
  };
}
