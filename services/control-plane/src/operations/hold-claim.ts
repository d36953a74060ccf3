import type { Logger } from 'pino';
import { leaseMs } from './claim-repository.ts';

/** A claim that is renewed for as long as it is held. */
export interface HeldClaim extends Disposable {
  /** Aborted when the claim is lost, when for most of a lease nobody could say that it is not, or with the worker. */
  over: AbortSignal;
}

const renewEveryMs = leaseMs / 5;
const giveUpAfterMs = leaseMs * 0.7;

/**
 * A step may take longer than the lease. While it runs the lease is renewed; when the database refuses, fails or does not
 * answer for most of a lease, another worker may soon take over, so the step is stopped before it writes to the cluster again.
 * @param renew extends the lease; false when the claim is lost
 * @param ending the worker's end. A signal that lives as long as the process keeps all that AbortSignal.any makes of it, so it is listened to
 */
export function holdClaim(renew: () => Promise<boolean>, ending: AbortSignal, logger: Logger, monotonic: () => number = () => performance.now()): HeldClaim {
  const over = new AbortController();
  const end = (): void => over.abort(ending.reason);
  if (ending.aborted) end();
  ending.addEventListener('abort', end, { once: true });
  let renewedAt = monotonic();
  let renewing = false;

  const tryToRenew = async (): Promise<void> => {
    const asked = monotonic();
    renewing = true;
    try {
      if (await renew()) renewedAt = asked;
      else over.abort(new Error('the operation was taken over or cancelled'));
    } catch (error) {
      logger.debug({ err: error }, 'the lease could not be renewed');
    } finally {
      renewing = false;
    }
  };
  const timer = setInterval(() => {
    if (monotonic() - renewedAt > giveUpAfterMs) over.abort(new Error('the lease could not be renewed in time'));
    else if (!renewing) void tryToRenew();
  }, renewEveryMs);

  return {
    over: over.signal,
    [Symbol.dispose]: () => {
      clearInterval(timer);
      ending.removeEventListener('abort', end);
    },
  };
}
