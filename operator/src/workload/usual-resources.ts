import type { Container } from '@guildhall/kubernetes';
import { memoryMegabytes } from '@guildhall/resources';

type Amounts = Record<'cpu' | 'memory', string>;

/** What the scheduler reckons with where nobody says otherwise; docs/decisions/pods.md says why nodes have no limits. */
export const usualRequests = {
  peer: { cpu: '50m', memory: `${memoryMegabytes.peer}Mi` },
  orderer: { cpu: '50m', memory: `${memoryMegabytes.orderer}Mi` },
} as const satisfies Record<string, Amounts>;

/** A contract is a stranger's code: whatever it takes, its neighbours keep theirs. */
const contractLimits = { memory: '512Mi' };

/** Guildhall's runner is as large as it was measured. */
export const runnerResources: NonNullable<Container['resources']> = { requests: { cpu: '20m', memory: `${memoryMegabytes.contractInstance}Mi` }, limits: contractLimits };

/** Of an image nothing is known. */
export const imageResources: NonNullable<Container['resources']> = { requests: { cpu: '20m', memory: '64Mi' }, limits: contractLimits };
