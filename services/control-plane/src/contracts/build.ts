import { createHash } from 'node:crypto';
import type { Connection } from '../database/database.ts';
import { maxArtifactBytes, storeArtifact } from './artifact-repository.ts';
import { templateVersion, type BuiltContract, type ContractCatalogue } from './catalogue.ts';

export interface BuiltVersion {
  template: string;
  version: string;
  artifactDigest: string;
  built: BuiltContract;
}

/** Builds a version of a template, or its first; writes nothing, so a dry run may do it too. */
export async function buildVersion(catalogue: ContractCatalogue, wanted: { template: string; version: string | undefined }, path: string): Promise<BuiltVersion> {
  const { version } = templateVersion(catalogue, wanted, path);
  const built = await catalogue.build(wanted.template, version);
  const digest = `sha256:${createHash('sha256').update(built.artifact).digest('hex')}`;
  if (digest !== built.digest) throw new Error(`the build of ${wanted.template} ${version} says digest ${built.digest}, and its artifact has ${digest}`);
  if (built.artifact.byteLength > maxArtifactBytes) {
    throw new Error(`the artifact of ${wanted.template} ${version} has ${built.artifact.byteLength} bytes, more than ${maxArtifactBytes}`);
  }
  return { template: wanted.template, version, artifactDigest: digest, built };
}

/** To be called in the transaction of the operation that names the digests. */
export async function storeBuilt(tx: Connection, versions: readonly BuiltVersion[]): Promise<void> {
  // In one order for everybody, so that two transactions never wait for each other.
  for (const { template, version, built } of versions.toSorted((a, b) => (a.artifactDigest < b.artifactDigest ? -1 : 1))) {
    await storeArtifact(tx, { digest: built.digest, bytes: built.artifact, metadata: built.metadata }, { template, version });
  }
}
