import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { leaseMs, releaseLease, renewLease, type Claim } from './claim-repository.ts';

/** A claim that is renewed for as long as it is held. */
export interface HeldClaim extends Disposable {
  /** Aborted when the claim is lost, or when nobody could say for a whole lease that it is not. */
  lost: AbortSignal;
}

/**
 * A step may take longer than the lease. While it runs the lease is renewed; when the database does not answer for as
 * long as the lease lasts, another worker may have taken over, so the step is stopped before it writes to the cluster again.
 */
export function holdClaim(db: Database, claim: Claim, logger: Logger): HeldClaim {
  const lost = new AbortController();
  let renewedAt = performance.now();
  const renew = async (): Promise<void> => {
    const asked = performance.now();
    try {
      if (await renewLease(db, claim)) renewedAt = asked;
      else lost.abort(new Error('the operation was taken over or cancelled'));
    } catch (error) {
      logger.debug({ err: error }, 'the lease could not be renewed');
      if (performance.now() - renewedAt > leaseMs * 0.8) lost.abort(new Error('the lease could not be renewed in time'));
    }
  };
  const timer = setInterval(() => void renew(), leaseMs / 3);
  return {
    lost: lost.signal,
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** Best effort: a lease that is not given back runs out. */
export async function giveBack(db: Database, claim: Claim, logger: Logger): Promise<boolean> {
  try {
    return await releaseLease(db, claim);
  } catch (error) {
    logger.debug({ err: error }, 'the lease could not be given back; it runs out by itself');
    return false;
  }
}
