import { createContractProcess, ProcessLost, type ProcessOptions, type Session } from './contract-process.ts';
import { ContractFault } from './faults.ts';
import { parseAnswer, type Answer, type RealmMessage } from './messages.ts';
import type { HostMessage } from './realm.ts';
import { createTurns } from '../turns.ts';

/**
 * The ledger as a contract may see it, in JSON texts. A rejection ends the call: what one member's peer cannot read must not become
 * something that its contract decides on.
 */
export type AnswerAsk = (operation: string, request: string) => Promise<string>;

export interface ContractRuntime {
  /** The contract's metadata, as JSON. */
  describe(): Promise<string>;
  call(request: string, answer: AnswerAsk): Promise<Answer>;
  close(): void;
}

/** No honest call comes near it; without it a contract could keep a peer busy for as long as it likes. */
const maximumAsks = 20_000;
/** A call is started again when another one took the process down with it; so often that bad luck is no longer an explanation. */
const maximumAttempts = 5;
/** Calls wait for the ledger side by side, and each holds a realm meanwhile; more of them than this would use the memory up together. */
const maximumOpen = 32;

export function createRuntime(source: string, { limitMs = 2000, memoryMb = 64, ...options }: Partial<ProcessOptions> = {}): ContractRuntime {
  const contract = createContractProcess(source, { limitMs, memoryMb, ...options });
  const inTurn = createTurns(maximumOpen);
  return {
    describe: async () => again(async () => describe(contract.open())),
    call: async (request, answer) => inTurn(async () => again(async () => converse(contract.open(), request, answer))),
    close: () => contract.close(),
  };
}

/** Until its answer has left the runtime a call has changed nothing, so it can be started again. */
async function again<T>(attempt: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ProcessLost)) throw error;
      if (count === maximumAttempts) throw new ContractFault('CALL_INTERRUPTED', 'other calls of this contract kept ending its process');
    }
  }
}

async function describe(session: Session): Promise<string> {
  for (const message of await session.step([{ describe: true }])) {
    if (message.type === 'answer') return message.answer;
    if (message.type === 'failure') throw new ContractFault('CONTRACT_BROKEN', `the contract cannot describe itself: ${message.failure}`);
  }
  throw new ContractFault('CONTRACT_BROKEN', 'the contract does not describe itself');
}

async function converse(session: Session, request: string, answer: AnswerAsk): Promise<Answer> {
  let asks = 0;
  let messages: readonly HostMessage[] = [{ start: request }];
  try {
    for (;;) {
      const sent = await session.step(messages);
      const outcome = outcomeOf(sent);
      if (outcome) return outcome;
      const asked = sent.filter((message) => message.type === 'ask');
      asks += asked.length;
      if (asked.length === 0) throw new ContractFault('CONTRACT_BROKEN', 'the contract waits for something that never comes');
      if (asks > maximumAsks)
        throw new ContractFault('CONTRACT_TIMEOUT', `the contract read the ledger more than ${maximumAsks} times in one call`);
      messages = await Promise.all(asked.map(async ({ ask, operation, request }) => ({ ask, text: await answer(operation, request) })));
    }
  } finally {
    session.close();
  }
}

function outcomeOf(sent: readonly RealmMessage[]): Answer | undefined {
  for (const message of sent) {
    if (message.type === 'answer') return parseAnswer(message.answer);
    if (message.type === 'failure') throw new ContractFault('CONTRACT_BROKEN', `the contract failed: ${message.failure.slice(0, 2000)}`);
  }
  return undefined;
}
