import { createHash } from 'node:crypto';
import type { Connection } from '../database/database.ts';

export interface Artifact {
  digest: string;
  bytes: Uint8Array;
  /** The contract's metadata, as its base prints it: operations, states, roles, events. */
  metadata: unknown;
}

/** Stores code under its digest. The same code twice is one row. */
export async function storeArtifact(db: Connection, artifact: Artifact, origin: { template: string; version: string }): Promise<void> {
  const digest = `sha256:${createHash('sha256').update(artifact.bytes).digest('hex')}`;
  if (digest !== artifact.digest) throw new Error(`the artifact's digest is ${digest}, not ${artifact.digest}`);
  await db
    .insertInto('artifacts')
    .values({
      digest,
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

export const artifactMetadata = (
  db: Connection,
  digests: readonly string[],
): Promise<{ digest: string; metadata: unknown; template: string | null; template_version: string | null }[]> =>
  db.selectFrom('artifacts').select(['digest', 'metadata', 'template', 'template_version']).where('digest', 'in', [...digests]).execute();
