import { createRuntime } from '../realm/calls.ts';
import { digestOf } from '../server/artifact.ts';
import { bundle, type ContractSource } from './bundle.ts';

export interface BuiltContract {
  /** The bytes that every member runs. */
  readonly artifact: Uint8Array;
  /** `sha256:<hex>` of the artifact. */
  readonly digest: string;
  /** What the contract says about itself; the shape is in docs/contracts.md. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

/** Bundles a contract, refuses what would not run the same everywhere (BuildError), and asks the result for its metadata. */
export async function buildContract(source: ContractSource): Promise<BuiltContract> {
  const { code } = await bundle(source, { minify: true });
  const artifact = Buffer.from(code, 'utf8');
  const metadata: unknown = JSON.parse(createRuntime(code).describe());
  return { artifact, digest: digestOf(artifact), metadata: metadata as Readonly<Record<string, unknown>>, warnings: [] };
}
