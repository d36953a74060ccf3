import { ContractFault } from '../realm/faults.ts';
import type { ContractRuntime } from '../realm/runtime.ts';
import type { Answer } from '../realm/messages.ts';
import { createCallerReader } from './caller.ts';
import { ledgerAccess } from './ledger-access.ts';
import type { Logger } from './logger.ts';
import type { Chaincode, ChaincodeResponse, PeerStub } from './stub.ts';

export interface ServedChaincode extends Chaincode {
  /** Calls that have not been answered yet. */
  readonly running: number;
}

/** Runs each call of a peer in a realm of its own and applies its writes only when it succeeded. */
export function createChaincode(runtime: ContractRuntime, logger: Logger): ServedChaincode {
  const readCaller = createCallerReader();
  let running = 0;

  async function invoke(stub: PeerStub): Promise<ChaincodeResponse> {
    const answer = await runtime.call(requestOf(stub, readCaller), ledgerAccess(stub));
    return answer.ok ? apply(stub, answer) : { status: 500, message: answer.message };
  }

  return {
    get running() {
      return running;
    },
    Init: async () => ({
      status: 500,
      message: JSON.stringify(
        new ContractFault('CALL_REFUSED', 'this contract has no initialisation by the peer; call the operation Init'),
      ),
    }),
    async Invoke(stub) {
      running += 1;
      try {
        return await invoke(stub);
      } catch (error) {
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

function requestOf(stub: PeerStub, readCaller: ReturnType<typeof createCallerReader>): string {
  const [operation, args = '', ...more] = stub.getStringArgs();
  if (operation === undefined || more.length > 0)
    throw new ContractFault('CALL_REFUSED', 'a call has the operation and its arguments as one JSON object, nothing else');
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
