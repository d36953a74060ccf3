import { controlPlane } from './control-plane.ts';
import { fabricOrderer, fabricPeer } from './fabric.ts';
import { nodeProgram } from './node-program.ts';
import { notary } from './notary.ts';
import { postgres } from './postgres.ts';
import type { Recipe } from './recipe.ts';

/** All images of Guildhall. */
export const recipes: readonly Recipe[] = [
  nodeProgram({ name: 'operator', title: 'Guildhall: operator', main: 'operator/src/main.ts' }),
  nodeProgram({ name: 'certificate-authority', title: 'Guildhall: certificate authority', main: 'services/certificate-authority/src/main.ts' }),
  nodeProgram({ name: 'ledger-gateway', title: 'Guildhall: ledger gateway', main: 'services/ledger-gateway/src/main.ts' }),
  nodeProgram({ name: 'monitor', title: 'Guildhall: health monitor', main: 'services/health-monitor/src/main.ts' }),
  nodeProgram({ name: 'contract-runner', title: 'Guildhall: contract runner', main: 'contracts/runner/src/main.ts' }),
  controlPlane,
  fabricPeer,
  fabricOrderer,
  postgres,
];

/** Written when they are named. */
export const examples: readonly Recipe[] = [notary];
