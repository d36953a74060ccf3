import { ContractFault } from '../realm/faults.ts';
import type { ContractRuntime } from '../realm/runtime.ts';
import type { Answer } from '../realm/messages.ts';
import { createCallerReader } from './caller.ts';
import { ledgerAccess } from './ledger-access.ts';
import type { Logger } from './logger.ts';
import type { ChaincodeResponse, PeerCall, PeerStub } from './stub.ts';

export interface ServedChaincode {
  invoke(call: PeerCall): Promise<ChaincodeResponse>;
  /** Calls that have not been answered yet. */
  readonly running: number;
}

/** A hundred times what the largest calls of the templates need. */
const maximumArguments = 1_000_000;
/** For one answer. The peer itself gives up on a whole call after 30 s (chaincode.executetimeout). */
const patienceMs = 30_000;

/** Runs each call of a peer in a realm of its own and applies its writes only when it succeeded. */
export function createChaincode(runtime: ContractRuntime, logger: Logger): ServedChaincode {
  const readCaller = createCallerReader();
  let running = 0;

  async function simulate({ stub, gone }: PeerCall): Promise<ChaincodeResponse> {
    const ledger = ledgerAccess(stub);
    const answer = await runtime.call(requestOf(stub, readCaller), async (operation, request) => heard(ledger(operation, request), gone));
    return answer.ok ? heard(apply(stub, answer), gone) : { status: 500, message: answer.message };
  }

  return {
    get running() {
      return running;
    },
    async invoke(call) {
      running += 1;
      try {
        return await simulate(call);
      } catch (error) {
        const { stub } = call;
        const fault =
          error instanceof ContractFault
            ? error
            : new ContractFault('LEDGER_UNAVAILABLE', error instanceof Error ? error.message : 'the peer did not answer');
        logger.warn('call failed', { code: fault.code, reason: fault.message, channel: stub.getChannelID(), transaction: stub.getTxID() });
        return { status: 500, message: JSON.stringify(fault) };
      } finally {
        running -= 1;
      }
    },
  };
}

/** What the peer answers, unless its connection ends or it hangs: nobody would ever settle what it was asked. */
async function heard<T>(work: Promise<T>, gone: AbortSignal): Promise<T> {
  const { promise: silence, reject } = Promise.withResolvers<never>();
  const giveUp = (why: string) => () => reject(new ContractFault('LEDGER_UNAVAILABLE', why));
  const ended = giveUp('the connection to the peer has ended');
  const timer = setTimeout(giveUp(`the peer has not answered for ${patienceMs / 1000} s`), patienceMs);
  gone.addEventListener('abort', ended, { once: true });
  if (gone.aborted) ended();
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
    gone.removeEventListener('abort', ended);
  }
}

function requestOf(stub: PeerStub, readCaller: ReturnType<typeof createCallerReader>): string {
  const [operation, args = '', ...more] = stub.getStringArgs();
  if (operation === undefined || more.length > 0)
    throw new ContractFault('CALL_REFUSED', 'a call has the operation and its arguments as one JSON object, nothing else');
  const size = operation.length + args.length;
  if (size > maximumArguments)
    throw new ContractFault('CALL_REFUSED', `the arguments have ${size} characters; ${maximumArguments} are the most that a call takes`);
  const { mspid, idBytes } = stub.getCreator();
  const { seconds, nanos } = stub.getTxTimestamp();
  const time = new Date(seconds.toNumber() * 1000 + Math.floor(nanos / 1_000_000));
  if (Number.isNaN(time.getTime())) throw new ContractFault('CALL_REFUSED', 'the transaction has no valid time');
  return JSON.stringify({ operation, args, caller: callerOf(readCaller, mspid, idBytes), timestamp: time.toISOString() });
}

function callerOf(
  readCaller: ReturnType<typeof createCallerReader>,
  mspId: string,
  certificate: Uint8Array,
): ReturnType<typeof readCaller> {
  try {
    return readCaller(mspId, certificate);
  } catch (error) {
    throw new ContractFault(
      'CALL_REFUSED',
      `the caller's certificate cannot be read: ${error instanceof Error ? error.message : 'not a certificate'}`,
    );
  }
}

/** The writes come in order of keys, so that every member's endorsement is the same to the byte. */
async function apply(stub: PeerStub, { payload, event, writes }: Extract<Answer, { ok: true }>): Promise<ChaincodeResponse> {
  await Promise.all(
    writes.map(async ({ key, value }) => (value === undefined ? stub.deleteState(key) : stub.putState(key, Buffer.from(value, 'utf8')))),
  );
  if (event) stub.setEvent(event.name, Buffer.from(event.payload, 'utf8'));
  return { status: 200, payload: Buffer.from(payload, 'utf8') };
}
