import { ContractFault } from './faults.ts';

/** The word `import` where it is no part of a longer name. */
export const importWord = /(?<![\p{ID_Continue}$\u200c\u200d])import(?![\p{ID_Continue}$\u200c\u200d])/gu;

/**
 * `import()` cannot be taken away from a realm, and what it rejects with is an error of the host, whose constructor compiles code for
 * the host. A keyword cannot be written with escapes and the realm compiles no code at run time, so a script without this word cannot
 * import. The builder writes it differently where a text contains it.
 */
export function refuseImport(source: string): void {
  if (source.search(importWord) >= 0) throw new ContractFault('CONTRACT_BROKEN', 'the contract contains the word import');
}
