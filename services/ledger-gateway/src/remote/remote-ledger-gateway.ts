import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { linkSignals } from '@guildhall/fabric';
import { silentLogger, sleep, systemClock, type Clock, type Logger } from '@guildhall/kubernetes';
import { READ_DEADLINE_MS, type LedgerBlocks } from '../blocks/ledger-blocks.ts';
import type { LedgerAddress } from '../blocks/peer-readers.ts';
import { TransactionError } from '../errors.ts';
import type { LedgerGateway } from '../gateway.ts';
import { HEARTBEAT_MS, MAX_REQUEST_BYTES, type CallInput, type CallName } from '../internal-api/protocol.ts';
import { errorFromWire } from '../internal-api/wire-error.ts';
import { fromWire } from '../internal-api/wire-value.ts';
import { DEFAULT_DEADLINE_MS } from '../limits.ts';
import type { EvaluateRequest, SubmittedTransaction } from '../requests.ts';
import { withRequestId } from '../submission/request-id.ts';
import { explainFailure, isElsewhere, isFromGateway, isRefused, mayCallAgain, unknownOutcome, type Submission } from './failures.ts';
import { followRemote, type OpenStream } from './follow-remote.ts';
import { CallFailure, createHttpsCalls, type Answer } from './https-calls.ts';
import { createOutage } from './outage.ts';
import { createSeenBlocks } from './seen-blocks.ts';

/** A gateway in other processes. It moves no clocks by itself: submitting does where it is needed. */
export type RemoteLedgerGateway = Omit<LedgerGateway, 'moveClock' | 'withSignal'>;

export interface RemoteLedgerGatewayOptions {
  /** `https://host:port`. */
  readonly url: string;
  /** Of this process's ServiceAccount, made out for the audience `guildhall-ledger-gateway`; asked for each call. */
  readonly token: () => Promise<string>;
  /** Of the gateway's server certificate: PEM, one certificate or more; asked for each call. */
  readonly certificateAuthority: () => Promise<string>;
  readonly clock?: Clock;
  /** Short unique words for request ids. */
  readonly ids?: () => string;
  readonly logger?: Logger;
  readonly connectTimeoutMs?: number;
  /** The gateway keeps the deadline; this long after it, the gateway is taken for gone. */
  readonly graceMs?: number;
  readonly quietMs?: number;
}

/** How often a call is sent that was not carried out. */
const ATTEMPTS = 3;
const RETRY_MS = 100;

/**
 * Calls the gateways behind an address. It rejects with what the gateway itself would: a TransactionError, of a stream also a LedgerChangedError. Another error is
 * a fault of the gateway, or of two versions that do not understand each other.
 */
export function createRemoteLedgerGateway(options: RemoteLedgerGatewayOptions): RemoteLedgerGateway {
  const { clock = systemClock, ids = () => randomBytes(6).toString('hex'), logger = silentLogger } = options;
  const { connectTimeoutMs = 5_000, graceMs = 5_000, quietMs = 3 * HEARTBEAT_MS } = options;
  const https = createHttpsCalls({ ...options, connectTimeoutMs, admissionTimeoutMs: connectTimeoutMs + graceMs });
  const closing = new AbortController();
  const seen = createSeenBlocks();
  const outage = createOutage(logger);

  /** All attempts have the one deadline; each is told what is left of it. */
  async function untilAnswered<Got extends Answer | IncomingMessage>(send: (leftMs: number) => Promise<Got>, { deadlineMs, submission, signal }: Calling): Promise<Got> {
    const end = clock.monotonic() + deadlineMs;
    let leftMs = deadlineMs;
    for (let attempt = 1; ; attempt++) {
      const pauseMs = RETRY_MS * attempt;
      const isLast = (): boolean => attempt === ATTEMPTS || signal.aborted || clock.monotonic() + pauseMs >= end;
      try {
        const answer = await send(leftMs);
        if (!isAnswer(answer) || !isElsewhere(answer.status) || isLast()) {
          note(answer);
          return answer;
        }
      } catch (error) {
        if (!(error instanceof CallFailure)) throw error;
        if (!mayCallAgain(error, submission) || isLast()) {
          if (!error.sent && error.reason !== 'ended') outage.failed(error);
          throw explainFailure(error, submission);
        }
      }
      await sleep(clock, pauseMs, signal);
      leftMs = Math.max(1, end - clock.monotonic());
    }
  }

  function note(answer: Answer | IncomingMessage): void {
    if (!isAnswer(answer) || isFromGateway(answer.status)) outage.worked();
    else if (isRefused(answer.status)) outage.failed(errorOf(answer.text) ?? unusable(answer.status));
  }

  async function call<Name extends CallName>(name: Name, request: (leftMs: number) => CallInput<Name>, deadlineMs: number, submission?: Submission): Promise<unknown> {
    const { signal } = closing;
    const send = (leftMs: number): Promise<Answer> => https.call(name, bodyOf(request(leftMs)), { signal, timeoutMs: leftMs + graceMs });
    const { status, text } = await untilAnswered(send, { deadlineMs, submission, signal });
    return resultOf(status, text, submission);
  }

  async function open(address: LedgerAddress, after: { number: number; hash: Uint8Array } | undefined, signal: AbortSignal): Promise<OpenStream> {
    const request: CallInput<'follow'> = {
      address: addressOf(address),
      ...(after === undefined ? {} : { after: { number: after.number, hash: Buffer.from(after.hash).toString('base64') } }),
    };
    const send = (leftMs: number): Promise<Answer | IncomingMessage> => https.open('follow', bodyOf(request), { signal, timeoutMs: leftMs + graceMs, quietMs });
    const answer = await untilAnswered(send, { deadlineMs: READ_DEADLINE_MS, submission: undefined, signal });
    if (!isAnswer(answer)) return answer;
    throw errorOf(answer.text) ?? unusable(answer.status);
  }

  /** The result is what the gateway of the same version gives; see `requestSchemas` for the other way. */
  const read = <T, Name extends CallName>(name: Name, request: CallInput<Name>): Promise<T> => call(name, () => request, READ_DEADLINE_MS) as Promise<T>;
  const blocks: LedgerBlocks = {
    height: (address) => read('height', { address: addressOf(address) }),
    block: (address, number) => read('block', { address: addressOf(address), number }),
    blockOfTransaction: (address, transactionId) => read('blockOfTransaction', { address: addressOf(address), transactionId }),
    configuration: (address, number) => read('configuration', { address: addressOf(address), number }),
    configurations: (address, before, limit) => read('configurations', { address: addressOf(address), limit, ...(before === undefined ? {} : { before }) }),
    settings: (address) => read('settings', { address: addressOf(address) }),
    async *follow(address, after, signal) {
      const ended = linkSignals([signal, closing.signal]);
      try {
        yield* followRemote({ open, clock, logger }, address, after, ended.signal);
      } finally {
        ended.release();
      }
    },
  };
  return {
    async submitTransaction(request) {
      // Chosen here: when no answer comes, the caller still knows under which id to call again.
      const { args, requestId } = withRequestId(request.args, request.requestId ?? ids());
      const { endorsingMembers } = request;
      const known = seen.added({ ...request, args });
      const input = (deadlineMs: number): CallInput<'submitTransaction'> => ({
        ...contractCallOf({ ...known, deadlineMs }),
        ...(requestId === undefined ? {} : { requestId }),
        ...(endorsingMembers === undefined ? {} : { endorsingMembers: [...endorsingMembers] }),
      });
      const submitted = (await call('submitTransaction', input, request.deadlineMs ?? DEFAULT_DEADLINE_MS, { requestId })) as SubmittedTransaction;
      seen.told(request, submitted);
      return submitted;
    },
    async evaluateTransaction(request) {
      const known = seen.added(request);
      const input = (deadlineMs: number): CallInput<'evaluateTransaction'> => contractCallOf({ ...known, deadlineMs });
      return (await call('evaluateTransaction', input, request.deadlineMs ?? DEFAULT_DEADLINE_MS)) as string;
    },
    blocks,
    close() {
      closing.abort();
      https.close();
    },
  };
}

interface Calling {
  readonly deadlineMs: number;
  readonly submission: Submission | undefined;
  readonly signal: AbortSignal;
}

const isAnswer = (value: Answer | IncomingMessage): value is Answer => 'text' in value;

/** Callers pass what they know, which may be more; the gateway refuses what it does not know. */
const contractCallOf = ({ consortium, member, channel, contract, function: called, args, transient, role, deadlineMs, seen }: EvaluateRequest): CallInput<'evaluateTransaction'> => ({
  consortium,
  member,
  channel,
  contract,
  function: called,
  args: [...args],
  ...(transient === undefined ? {} : { transient }),
  ...(role === undefined ? {} : { role }),
  ...(deadlineMs === undefined ? {} : { deadlineMs }),
  ...(seen === undefined ? {} : { seen }),
});

const addressOf = ({ consortium, channel, uid, member }: LedgerAddress): LedgerAddress => ({
  consortium,
  channel,
  ...(uid === undefined ? {} : { uid }),
  ...(member === undefined ? {} : { member }),
});

function bodyOf(request: object): string {
  const body = JSON.stringify(request);
  if (Buffer.byteLength(body) > MAX_REQUEST_BYTES) throw new TransactionError('INVALID_ARGUMENT', `The call is larger than ${MAX_REQUEST_BYTES} bytes.`);
  return body;
}

function resultOf(status: number, text: string, submission: Submission | undefined): unknown {
  if (status === 200) {
    const answer = parse(text);
    if (typeof answer === 'object' && answer !== null && 'result' in answer) return fromWire(answer.result);
  }
  const error = errorOf(text) ?? unusable(status);
  if (submission === undefined) throw error;
  if (!(error instanceof TransactionError)) throw unknownOutcome(error.message, submission, error);
  // What was refused before it began does not tell its request id.
  throw status === 422 ? error : new TransactionError(error.code, error.message, { nextAction: error.nextAction, requestId: submission.requestId });
}

function errorOf(text: string): Error | undefined {
  const answer = parse(text);
  return typeof answer === 'object' && answer !== null && 'error' in answer ? errorFromWire(answer.error) : undefined;
}

const unusable = (status: number): Error => new Error(`The ledger gateway answered with what cannot be read (status ${status}): it may be of another version.`);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // A proxy's page, say: the status tells enough.
  }
}
