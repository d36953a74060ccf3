import { createHash } from 'node:crypto';
import type { Connection } from '../database/database.ts';
import { ApiProblem, refuse } from '../errors.ts';
import { maxArtifactBytes, storeArtifact, storeSource } from './artifact-repository.ts';
import { templateVersion, type BuiltContract, type ContractCatalogue, type ContractSource } from './catalogue.ts';
import type { CodeInput } from './contract-input.ts';
import { imageProblem, type ImageRegistries } from './image-rule.ts';
import { refuseSource } from './source-problems.ts';

export interface BuiltVersion {
  template: string | undefined;
  version: string;
  artifactDigest: string;
  built: BuiltContract;
  source: ContractSource;
}

/** Of an image nothing is kept here: whoever runs it gets it from its registry. */
export interface ImageVersion {
  version: string;
  image: string;
}

export type CodeVersion = BuiltVersion | ImageVersion;

function checkedDigest(what: string, built: BuiltContract): string {
  const digest = `sha256:${createHash('sha256').update(built.artifact).digest('hex')}`;
  if (digest !== built.digest) throw new Error(`the build of ${what} says digest ${built.digest}, and its artifact has ${digest}`);
  return digest;
}

/** Builds a version of a template, or its first; writes nothing, so a dry run may do it too. */
export async function buildVersion(catalogue: ContractCatalogue, wanted: { template: string; version: string | undefined }, path: string): Promise<BuiltVersion> {
  const { version } = templateVersion(catalogue, wanted, path);
  const [built, source] = await Promise.all([catalogue.build(wanted.template, version), catalogue.source(wanted.template, version)]);
  const artifactDigest = checkedDigest(`${wanted.template} ${version}`, built);
  if (built.artifact.byteLength > maxArtifactBytes) {
    throw new Error(`the artifact of ${wanted.template} ${version} has ${built.artifact.byteLength} bytes, more than ${maxArtifactBytes}`);
  }
  return { template: wanted.template, version, artifactDigest, built, source };
}

/** Builds what a caller sent, or refuses it with everything that is wrong in it. */
async function buildSource(catalogue: ContractCatalogue, source: ContractSource, version: string): Promise<BuiltVersion> {
  const { built, problems } = await catalogue.check(source);
  if (built === undefined) return refuseSource(source, problems);
  const artifactDigest = checkedDigest('the source', built);
  if (built.artifact.byteLength > maxArtifactBytes) {
    throw new ApiProblem({ code: 'INVALID_INPUT', path: 'source', message: `source: the contract becomes ${built.artifact.byteLength} bytes of code, more than ${maxArtifactBytes}`, nextAction: 'make it smaller' });
  }
  const own = (built.metadata as { version?: unknown }).version;
  if (typeof own === 'string' && own !== version) {
    throw new ApiProblem({ code: 'INVALID_INPUT', path: 'version', message: `version: the source says of itself that it is version "${own}", not "${version}"`, nextAction: 'say the same version in both places' });
  }
  return { template: undefined, version, artifactDigest, built, source };
}

/** What exactly one of a template, a source and an image comes to; the input has been checked for that. */
export async function codeOf({ catalogue, imageRegistries }: { catalogue: ContractCatalogue; imageRegistries: ImageRegistries }, { template, source, image, version }: CodeInput): Promise<CodeVersion> {
  if (image !== undefined && version !== undefined) {
    const problem = imageProblem(image, imageRegistries);
    refuse(problem === undefined ? [] : [problem]);
    return { version, image };
  }
  if (source !== undefined && version !== undefined) return buildSource(catalogue, source, version);
  return buildVersion(catalogue, { template: template ?? '', version }, '');
}

/** To be called in the transaction of the operation that names the digests. */
export async function storeBuilt(tx: Connection, versions: readonly BuiltVersion[]): Promise<void> {
  // In one order for everybody, so that two transactions never wait for each other.
  for (const { template, version, built, source } of versions.toSorted((a, b) => (a.artifactDigest < b.artifactDigest ? -1 : 1))) {
    await storeArtifact(tx, { digest: built.digest, bytes: built.artifact, metadata: built.metadata }, { template, version });
    await storeSource(tx, built.digest, source);
  }
}
