import type { Tone } from '../ui/status.tsx';

export const toneOfNode = { Healthy: 'good', Unhealthy: 'bad', Unreachable: 'bad', Starting: 'busy', Ended: 'bad', unknown: 'pending' } as const satisfies Record<string, Tone>;
export type NodeState = keyof typeof toneOfNode;
const states = Object.keys(toneOfNode) as NodeState[];

/** What a newer server says besides is unknown here. */
export const nodeState = (health: { readonly state: string } | null): NodeState => states.find((state) => state === health?.state) ?? 'unknown';
