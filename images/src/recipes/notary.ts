import { join } from 'node:path';
import { goProgram } from '../parts/go-program.ts';
import type { Recipe } from './recipe.ts';

/** An example: a contract in Go, as an image with one program and nothing besides. */
export const notary: Recipe = {
  name: 'notary',
  title: 'Guildhall: a contract in Go',
  licenses: 'Apache-2.0',
  parts: async ({ root }) => [await goProgram(join(root, 'examples', 'notary'), join(root, '.guildhall', 'build', 'notary'))],
  entrypoint: ['/usr/local/bin/notary'],
};
