import type { Connection } from '../database/database.ts';

export interface Artifact {
  digest: string;
  bytes: Uint8Array;
  /** The contract's metadata, as its base prints it: operations, states, roles, events. */
  metadata: unknown;
}

export const maxArtifactBytes = 4 * 1024 * 1024;

/** Stores code under its digest. The same code twice is one row. */
export async function storeArtifact(db: Connection, artifact: Artifact, origin: { template: string; version: string }): Promise<void> {
  await db
    .insertInto('artifacts')
    .values({
      digest: artifact.digest,
      bytes: Buffer.from(artifact.bytes),
      metadata: JSON.stringify(artifact.metadata),
      template: origin.template,
      template_version: origin.version,
    })
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .execute();
}

export const artifactBytes = async (db: Connection, digest: string): Promise<Uint8Array | undefined> =>
  (await db.selectFrom('artifacts').select('bytes').where('digest', '=', digest).executeTakeFirst())?.bytes;

export const artifactMetadata = (db: Connection, digests: readonly string[]): Promise<{ digest: string; metadata: unknown }[]> =>
  db.selectFrom('artifacts').select(['digest', 'metadata']).where('digest', 'in', [...digests]).execute();
