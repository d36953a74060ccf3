import { AgreementError } from '@guildhall/agreement';
import { FabricError } from '@guildhall/fabric';
import type { Reason } from '@guildhall/resources';

/** Why something is not signed. `final`: these bytes will never be; otherwise something is only not there yet. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: Reason;
  readonly final: boolean;

  constructor(reason: Reason, message: string, { final = true, cause }: { final?: boolean; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
    this.final = final;
  }
}

export function refuse(reason: Reason, message: string): never {
  throw new Refusal(reason, message);
}

export function waitFor(reason: Reason, message: string): never {
  throw new Refusal(reason, message, { final: false });
}

/** What reading the bytes, or working out what they should say, came to. Anything else is a fault of ours and stays one. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (error instanceof AgreementError && error.code === 'INCOMPLETE')
    return new Refusal('WaitingForReference', error.message, { final: false, cause: error });
  if (error instanceof AgreementError || error instanceof FabricError) return new Refusal('Denied', error.message, { cause: error });
  return undefined;
}
