export { buildContract, type BuiltContract } from './build/build-contract.ts';
export type { ContractSource, SourceFiles } from './build/bundle.ts';
export { checkContract, type CheckedContract } from './build/check-contract.ts';
export { BuildError, formatProblem, type Problem } from './build/problems.ts';
export { readSource } from './build/read-source.ts';
export { contractInterface } from './types/compiler.ts';
export type { InterfaceEntry } from './types/describe-interface.ts';
/** The program of the image guildhall/contract-runner. */
export const runnerProgram = new URL('./main.ts', import.meta.url);
