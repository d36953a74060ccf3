export { buildContract, type BuiltContract } from './build/build-contract.ts';
export type { ContractSource } from './build/bundle.ts';
export { BuildError, formatProblem, type Problem } from './build/problems.ts';
/**
 * Options of Node.js that the runner is started with. Each call leaves a realm behind (0.4 MB) that only a full collection frees, and without
 * a limit Node.js puts that off until the process has 500 MB; so it stays at 160 MB, for a tenth more processor time.
 */
export const runnerOptions: readonly string[] = ['--max-old-space-size=96', '--max-semi-space-size=4'];
/** The program of the image guildhall/contract-runner. */
export const runnerProgram = new URL('./main.ts', import.meta.url);
