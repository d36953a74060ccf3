import type { Logger } from '@guildhall/kubernetes';

/** Tells the log when calls begin to fail, and when they work again; not each of them. */
export interface Outage {
  failed(error: Error): void;
  worked(): void;
}

export function createOutage(logger: Logger): Outage {
  let told: string | undefined;
  return {
    failed(error) {
      if (told === error.message) return;
      told = error.message;
      logger.warn({ err: error }, 'the ledger gateway cannot be called; it goes on by itself when it can');
    },
    worked() {
      if (told === undefined) return;
      told = undefined;
      logger.info({}, 'the ledger gateway can be called again');
    },
  };
}
