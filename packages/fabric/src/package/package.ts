import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { PackageError } from '../errors.ts';
import { sameBytes, textOf } from '../protobuf.ts';
import { gzip, jsonBytes, tar, untar } from './archive.ts';

/** A contract as the members agree to run it. `artifactDigest` is the lower-case hex of the SHA-256 of its one bundled file. */
export interface ContractArtifact {
  readonly name: string;
  readonly version: string;
  readonly artifactDigest: string;
}

export interface ContractPackage {
  readonly label: string;
  readonly artifactDigest: string;
  /** What Fabric calls the package: `label:hex(sha256(bytes))`. */
  readonly packageId: string;
  readonly bytes: Uint8Array;
}

/** core/chaincode/lifecycle: names of contracts, versions and labels. */
const NAME = /^[a-zA-Z0-9]+([-_][a-zA-Z0-9]+)*$/;
const VERSION = /^[A-Za-z0-9_.+-]+$/;
const LABEL = /^[A-Za-z0-9][A-Za-z0-9_.+-]*$/;
const DIGEST = /^[0-9a-f]{64}$/;
/** More than any package of ours, little enough to unpack before it is trusted. */
const MAXIMUM_UNPACKED = 64 * 1024;

export function packageLabel({ name, version, artifactDigest }: ContractArtifact): string {
  if (!NAME.test(name))
    throw new PackageError('INVALID_PACKAGE', `"${name}" is not a contract's name: letters and digits, in between dash or underscore.`, {
      path: 'name',
    });
  if (!VERSION.test(version))
    throw new PackageError('INVALID_PACKAGE', `"${version}" is not a version: letters, digits, and _ . + -`, { path: 'version' });
  if (!DIGEST.test(artifactDigest))
    throw new PackageError('INVALID_PACKAGE', "The artifact's digest is not 64 hexadecimal digits in lower case.", {
      path: 'artifactDigest',
    });
  return `${name}_${version}-${artifactDigest.slice(0, 16)}`;
}

export const packageId = (label: string, bytes: Uint8Array): string => `${label}:${createHash('sha256').update(bytes).digest('hex')}`;

/**
 * The ccaas package of a contract: the same artifact gives the same bytes, and so the same package id, at every member.
 * It names the code by digest and no address; each peer's builder adds the address of its member's instance.
 */
export function buildPackage(artifact: ContractArtifact): ContractPackage {
  return assemble(packageLabel(artifact), artifact.artifactDigest);
}

function assemble(label: string, artifactDigest: string): ContractPackage {
  const code = gzip(tar([{ name: 'artifact.json', content: jsonBytes({ digest: `sha256:${artifactDigest}` }) }]));
  const bytes = gzip(
    tar([
      { name: 'metadata.json', content: jsonBytes({ type: 'ccaas', label }) },
      { name: 'code.tar.gz', content: code },
    ]),
  );
  return { label, artifactDigest, packageId: packageId(label, bytes), bytes };
}

/** What a package names. Refuses every package that `buildPackage` could not have made, so a signer can trust what it reads. */
export function readPackage(bytes: Uint8Array): ContractPackage {
  const files = unpack(bytes);
  const label = stringField(files.get('metadata.json'), 'label');
  const artifactDigest = stringField(unpack(files.get('code.tar.gz')).get('artifact.json'), 'digest').replace(/^sha256:/, '');
  const rebuilt = assemble(label, artifactDigest);
  if (
    !LABEL.test(label) ||
    !DIGEST.test(artifactDigest) ||
    !label.endsWith(`-${artifactDigest.slice(0, 16)}`) ||
    !sameBytes(rebuilt.bytes, bytes)
  ) {
    throw new PackageError('INVALID_PACKAGE', `The package ${label} is not one that Guildhall builds.`);
  }
  return rebuilt;
}

function unpack(bytes: Uint8Array | undefined): ReadonlyMap<string, Uint8Array> {
  try {
    const archive = gunzipSync(bytes ?? new Uint8Array(), { maxOutputLength: MAXIMUM_UNPACKED });
    return new Map(untar(archive).map(({ name, content }) => [name, content]));
  } catch (cause) {
    if (cause instanceof PackageError) throw cause;
    throw new PackageError('INVALID_PACKAGE', 'The package cannot be unpacked.', { cause });
  }
}

function stringField(json: Uint8Array | undefined, field: string): string {
  const text = json === undefined ? undefined : textOf(json);
  const value: unknown = text === undefined ? undefined : parseJson(text);
  const content: unknown = typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, field)?.value : undefined;
  if (typeof content !== 'string') throw new PackageError('INVALID_PACKAGE', `The package names no ${field}.`);
  return content;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PackageError('INVALID_PACKAGE', 'The package holds something else than JSON.', { cause });
  }
}
