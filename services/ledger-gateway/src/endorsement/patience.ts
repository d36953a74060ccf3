import type { FabricErrorCode } from '@guildhall/fabric';
import { sleep, type Clock } from '@guildhall/kubernetes';

const PAUSE_MS = 100;

/** What a peer, or a contract's instance, that is being started again looks like. One that hangs has used up its time already. */
export const mayReturn = (code: FabricErrorCode): boolean => code === 'UNREACHABLE' || code === 'CONTRACT_UNREACHABLE';

/**
 * Waits for what is being started again, for so long in all. Resolves with whether it is worth asking again, behind a pause; at once with
 * false when nothing of this kind was met, when the patience is used up, or when the signal is aborted.
 */
export function createPatience(clock: Clock, patienceMs: number, signal: AbortSignal): (met: readonly FabricErrorCode[]) => Promise<boolean> {
  const until = clock.monotonic() + patienceMs;
  return async (met) => {
    if (!met.some(mayReturn) || clock.monotonic() >= until) return false;
    await sleep(clock, PAUSE_MS, signal);
    return !signal.aborted;
  };
}
