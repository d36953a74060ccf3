import type { Problem } from '../errors.ts';

/** The storage classes that there are, where nobody can make another; undefined where somebody can: there a node waits for its class. */
export type StorageClasses = readonly string[] | undefined;

/** What a volume is to be of. */
export interface WishedClass {
  /** Where in the input, as in members[0].nodes[1].storageClass. */
  path: string;
  storageClass: string | undefined;
}

export function storageClassProblems(known: StorageClasses, wished: readonly WishedClass[]): Problem[] {
  if (known === undefined) return [];
  return wished.flatMap(({ path, storageClass }): Problem[] =>
    storageClass === undefined || known.includes(storageClass)
      ? []
      : [{ code: 'INVALID_INPUT', path, message: `${path}: there is no storage class "${storageClass}" here, and none can be made`, nextAction: `name one of ${known.join(', ')}, or leave it out` }],
  );
}
