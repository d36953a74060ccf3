import { bundlePrograms } from '../bundle/bundle.ts';
import type { Recipe } from './recipe.ts';

export const nodeEnvironment = { NODE_ENV: 'production', PATH: '/usr/bin' };
export const startMain = ['/usr/bin/node', '/app/main.mjs'];

/** A process of Guildhall: one file, run by Node.js. @param main its source, from the folder of the repository */
export const nodeProgram = ({ name, title, main }: { name: string; title: string; main: string }): Recipe => ({
  name,
  title,
  licenses: 'Apache-2.0',
  parts: async ({ root, base, node }) => [await base(), await node(), await bundlePrograms({ root, programs: { main } })],
  entrypoint: startMain,
  environment: nodeEnvironment,
});
