import { createRuntime } from '../realm/runtime.ts';
import { digestOf } from '../server/artifact.ts';
import { bundle, type ContractSource } from './bundle.ts';
import { findProblems } from './determinism.ts';
import { BuildError } from './problems.ts';
import { spellImports } from './spell-imports.ts';

export interface BuiltContract {
  /** The bytes that every member runs. */
  readonly artifact: Uint8Array;
  /** `sha256:<hex>` of the artifact. */
  readonly digest: string;
  /** What the contract says about itself; the shape is in docs/contracts.md. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

/**
 * Bundles a contract, refuses what would not run the same everywhere (BuildError, with places), and asks the result for its metadata.
 * The same sources give the same bytes, wherever they lie. Types are not checked.
 */
export async function buildContract(source: ContractSource): Promise<BuiltContract> {
  const readable = await bundle(source, { minify: false });
  const problems = findProblems(readable);
  if (problems.length > 0) throw new BuildError(problems);
  const { code, warnings } = await bundle(source, { minify: true });
  const script = spellImports(code);
  const artifact = Buffer.from(script, 'utf8');
  return { artifact, digest: digestOf(artifact), metadata: await metadataOf(script), warnings };
}

async function metadataOf(script: string): Promise<Readonly<Record<string, unknown>>> {
  const metadata: unknown = JSON.parse(await describe(script));
  if (typeof metadata !== 'object' || metadata === null)
    throw new BuildError([
      { rule: 'build', message: 'the contract does not describe itself with an object', file: '', line: 0, column: 0 },
    ]);
  return Object.fromEntries(Object.entries(metadata));
}

async function describe(script: string): Promise<string> {
  const runtime = createRuntime(script);
  try {
    return await runtime.describe();
  } finally {
    await runtime.close();
  }
}
