import type { Connection } from '../database/database.ts';
import type { ContractSource } from './catalogue.ts';

export interface Artifact {
  digest: string;
  bytes: Uint8Array;
  /** The contract's metadata, as its base prints it: operations, states, roles, events. */
  metadata: unknown;
}

export const maxArtifactBytes = 4 * 1024 * 1024;

/** Stores code under its digest. The same code twice is one row. */
export async function storeArtifact(db: Connection, artifact: Artifact, origin: { template: string | undefined; version: string }): Promise<void> {
  await db
    .insertInto('artifacts')
    .values({
      digest: artifact.digest,
      bytes: Buffer.from(artifact.bytes),
      metadata: JSON.stringify(artifact.metadata),
      template: origin.template ?? null,
      template_version: origin.template === undefined ? null : origin.version,
    })
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .execute();
}

/** A source from which exactly this code is built. Others may be too, which differ in comments or types; the first is kept. */
export async function storeSource(db: Connection, digest: string, source: ContractSource): Promise<void> {
  await db
    .insertInto('contract_sources')
    .values({ digest, entry: source.entry, files: JSON.stringify(source.files) })
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .execute();
}

export const artifactBytes = async (db: Connection, digest: string): Promise<Uint8Array | undefined> =>
  (await db.selectFrom('artifacts').select('bytes').where('digest', '=', digest).executeTakeFirst())?.bytes;

export const artifactMetadata = (db: Connection, digests: readonly string[]): Promise<{ digest: string; metadata: unknown }[]> =>
  db.selectFrom('artifacts').select(['digest', 'metadata']).where('digest', 'in', [...digests]).execute();

export const artifactSources = (db: Connection, digests: readonly string[]): Promise<({ digest: string } & ContractSource)[]> =>
  db.selectFrom('contract_sources').select(['digest', 'entry', 'files']).where('digest', 'in', [...digests]).execute();
