export { buildContract, type BuiltContract } from './build/build-contract.ts';
export type { ContractSource } from './build/bundle.ts';
export { BuildError, formatProblem, type Problem } from './build/problems.ts';
/** The program of the image guildhall/contract-runner. */
export const runnerProgram = new URL('./main.ts', import.meta.url);
