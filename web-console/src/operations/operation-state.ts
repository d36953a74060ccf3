import type { Tone } from '../ui/status.tsx';

export const operationStates = ['pending', 'running', 'waiting', 'succeeded', 'failed', 'cancelling', 'cancelled'] as const;
export type OperationState = (typeof operationStates)[number];

const ended: ReadonlySet<string> = new Set<OperationState>(['succeeded', 'failed', 'cancelled']);

export const hasEnded = (state: string): boolean => ended.has(state);

export const toneOf: Record<OperationState, Tone> = { pending: 'pending', running: 'busy', waiting: 'busy', succeeded: 'good', failed: 'bad', cancelling: 'busy', cancelled: 'idle' };

/** A state that a newer server may have is shown by its own name. */
export const knownState = (state: string): OperationState | undefined => operationStates.find((known) => known === state);

export type ActionRefusal = 'ended' | 'running' | 'cancelling' | 'deletion' | 'cancelled';

/** Why it cannot be tried again; undefined when it can. */
export const whyNoRetry = (operation: { state: string }): ActionRefusal | undefined => {
  if (operation.state === 'failed') return undefined;
  if (operation.state === 'cancelled') return 'cancelled';
  return hasEnded(operation.state) ? 'ended' : 'running';
};

/** Why it cannot be taken back; undefined when it can. */
export const whyNoCancel = (operation: { state: string; kind: string }): ActionRefusal | undefined => {
  if (operation.kind === 'deleteConsortium') return 'deletion';
  if (operation.state === 'cancelling') return 'cancelling';
  if (operation.state === 'cancelled') return 'cancelled';
  return operation.state === 'succeeded' ? 'ended' : undefined;
};
