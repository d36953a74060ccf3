import { catalogueEntry as receivable } from '@guildhall/contract-receivable';
import { buildContract } from '@guildhall/contract-runner';
import type { BuiltContract, ContractCatalogue } from '@guildhall/control-plane';

const entries = [receivable];

/** The templates of this installation. Each version is built once per process; the same source gives the same bytes everywhere. */
export function createCatalogue(): ContractCatalogue {
  const built = new Map<string, Promise<BuiltContract>>();
  const build = async (template: string, version: string): Promise<BuiltContract> => {
    const entry = entries.find((candidate) => candidate.id === template)?.versions.find((candidate) => candidate.version === version)?.entry;
    if (entry === undefined) throw new Error(`there is no template ${template} ${version}`);
    return buildContract({ entry });
  };
  return {
    templates: entries.map(({ id, title, description, versions }) => ({
      id,
      title,
      description,
      versions: versions.map(({ version, changes }) => ({ version, description: changes })),
    })),
    build: (template, version) => {
      const key = `${template} ${version}`;
      const known = built.get(key);
      if (known) return known;
      const building = build(template, version);
      built.set(key, building);
      // What failed, for want of disk perhaps, is tried again when it is asked for again.
      building.catch(() => built.delete(key));
      return building;
    },
  };
}
