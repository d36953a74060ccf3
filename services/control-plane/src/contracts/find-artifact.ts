import type { Database } from '../database/database.ts';
import { artifactBytes } from './artifact-repository.ts';
import { buildVersion, storeBuilt } from './build.ts';
import type { ContractCatalogue } from './catalogue.ts';

/** Code by its digest. That of a template needs no operation to have brought it here: a Contract that came by another way than the API may name it. */
export async function findArtifact(db: Database, catalogue: ContractCatalogue, digest: string): Promise<Uint8Array | undefined> {
  const stored = await artifactBytes(db, digest);
  if (stored !== undefined) return stored;
  for (const { id, versions } of catalogue.templates) {
    for (const { version } of versions) {
      const built = await buildVersion(catalogue, { template: id, version }, '');
      if (built.artifactDigest !== digest) continue;
      await storeBuilt(db, [built]);
      return built.built.artifact;
    }
  }
  return undefined;
}
