const nextActions = {
  CONTRACT_TIMEOUT: 'Report it to whoever maintains the contract: it loops, or does too much in one call. Nothing was written.',
  CONTRACT_BROKEN: 'Report it to whoever maintains the contract. Nothing was written.',
  CALL_REFUSED: 'Correct the call and send it again.',
  CALL_INTERRUPTED: 'Send the request again under the same requestId. Nothing was written.',
  LEDGER_UNAVAILABLE: 'Send the request again under the same requestId. Nothing was written.',
} as const;

export type FaultCode = keyof typeof nextActions;

/** The call failed outside the contract's own refusals; answered in the same form as they are. */
export class ContractFault extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string) {
    super(message);
    this.name = 'ContractFault';
    this.code = code;
  }

  toJSON(): { code: FaultCode; message: string; nextAction: string } {
    return { code: this.code, message: this.message, nextAction: nextActions[this.code] };
  }
}
