import { ContractFault } from '../realm/faults.ts';
import { createRuntime } from '../realm/runtime.ts';
import { digestOf } from '../server/artifact.ts';
import { bundle, type ContractSource } from './bundle.ts';
import { findProblems } from './determinism.ts';
import { BuildError, nowhere, problemAt, tooDeep, type Problem } from './problems.ts';
import { spellImports } from './spell-imports.ts';

export interface BuiltContract {
  /** The bytes that every member runs. */
  readonly artifact: Uint8Array;
  /** `sha256:<hex>` of the artifact. */
  readonly digest: string;
  /** What the contract says about itself; the shape is in docs/contracts.md. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly warnings: readonly Problem[];
}

/**
 * Bundles a contract, refuses what would not run the same everywhere (BuildError, with places), and asks the result for its metadata.
 * The same sources give the same bytes, wherever they lie. Types are not checked: that is checkContract.
 */
export async function buildContract(source: ContractSource): Promise<BuiltContract> {
  const { script, warnings } = await scriptOf(source);
  const artifact = Buffer.from(script, 'utf8');
  return { artifact, digest: digestOf(artifact), metadata: await metadataOf(script), warnings };
}

/** What is kept for each version, and goes out with each look at a contract. */
const maxMetadataCharacters = 256 * 1024;

async function metadataOf(script: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await describe(script);
  if (text.length > maxMetadataCharacters)
    throw new BuildError([problem(`the contract describes itself with ${text.length} characters, more than ${maxMetadataCharacters}`)]);
  const metadata = parse(text);
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
    throw new BuildError([problem('the contract does not describe itself with a JSON object')]);
  return Object.fromEntries(Object.entries(metadata));
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** About the contract as a whole. */
const problem = (message: string): Problem => problemAt(nowhere, 'build', message);

async function scriptOf(source: ContractSource): Promise<{ script: string; warnings: readonly Problem[] }> {
  try {
    const problems = findProblems(await bundle(source, { minify: false }));
    if (problems.length > 0) throw new BuildError(problems);
    const { code, warnings } = await bundle(source, { minify: true });
    return { script: spellImports(code), warnings };
  } catch (error) {
    if (error instanceof RangeError) throw new BuildError([problem(tooDeep)]);
    throw error;
  }
}

async function describe(script: string): Promise<string> {
  // Whoever builds has time, and may be busy with much else.
  const runtime = createRuntime(script, { limitMs: 10_000 });
  try {
    return await runtime.describe();
  } catch (error) {
    if (error instanceof ContractFault) throw new BuildError([problem(error.message)]);
    throw error;
  } finally {
    runtime.close();
  }
}
