/** What each code means, and what the caller does next when the place that throws knows nothing better. */
export const errorCodes = {
  INVALID_ARG: {
    title: 'An argument is missing, malformed or unknown',
    nextAction: 'Correct the argument at the path given and send it again.',
  },
  FORBIDDEN: { title: 'The caller is not who may do this', nextAction: 'Use an identity of the party and role that the message names.' },
  NOT_FOUND: { title: 'There is no record with this id', nextAction: 'Check the id; List shows the records of a state.' },
  DUPLICATE: {
    title: 'The id or document is already taken',
    nextAction: 'Choose another id, or look up the record that holds it with Get.',
  },
  NOT_ACTIVE: {
    title: 'The configuration is not accepted by every member yet',
    nextAction: 'Every member named in the configuration calls AcceptConfig with its hash.',
  },
  ILLEGAL_TRANSITION: {
    title: 'The operation is not allowed in the present state',
    nextAction: 'Read the record with Get; Meta lists the states each operation starts from.',
  },
  IDEMPOTENCY_CONFLICT: { title: 'The request id was used with other arguments', nextAction: 'Use a new requestId for a new request.' },
  CLOCK_SKEW: {
    title: 'The transaction time is too far from the agreed clock',
    nextAction: 'Set the clock of the client, or let the timekeepers call Tick, then send again.',
  },
  EXPIRED: { title: 'The time allowed for this is over', nextAction: 'Make a new offer, or settle what is due.' },
  LIMIT: { title: 'A limit that the members agreed on would be passed', nextAction: 'Stay within the limit that the message names.' },
  CONSERVATION: { title: 'Amounts would appear or vanish', nextAction: 'Make the amounts add up exactly.' },
  FROZEN: { title: 'A regulator froze the record', nextAction: 'Reads still work; the regulator that froze it may unfreeze it.' },
  INTERNAL: {
    title: 'The contract itself failed',
    nextAction: 'Report the message to whoever maintains the contract; nothing was written.',
  },
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** A refusal. It travels as JSON `{code, message, path?, nextAction}` in the message of the peer's response; nothing is written. */
export class ContractError extends Error {
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly nextAction: string;

  constructor(code: ErrorCode, message: string, details: { path?: string | undefined; nextAction?: string } = {}) {
    super(message);
    this.name = 'ContractError';
    this.code = code;
    this.path = details.path;
    this.nextAction = details.nextAction ?? errorCodes[code].nextAction;
  }

  toJSON(): { code: ErrorCode; message: string; path?: string; nextAction: string } {
    const { code, message, path, nextAction } = this;
    return path === undefined ? { code, message, nextAction } : { code, message, path, nextAction };
  }
}
