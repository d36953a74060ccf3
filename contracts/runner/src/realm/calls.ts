import { compileContract, type HostMessage, type Realm } from './realm.ts';
import { ContractFault } from './faults.ts';
import { parseAnswer, type Answer, type RealmMessage } from './messages.ts';

/**
 * The ledger as a contract may see it, in JSON texts. A rejection ends the call: what one member's peer cannot read must not become
 * something that its contract decides on.
 */
export type AnswerAsk = (operation: string, request: string) => Promise<string>;

export interface ContractRuntime {
  describe(): string;
  call(request: string, answer: AnswerAsk): Promise<Answer>;
}

/** No honest call comes near it; without it a contract could keep a peer busy for as long as it likes. */
const maximumAsks = 20_000;

export function createRuntime(source: string, { limitMs = 2000 }: { readonly limitMs?: number } = {}): ContractRuntime {
  const compiled = compileContract(source, limitMs);
  // The next call's realm is made while nobody waits. It has seen no input, so it is as fresh as one made on demand.
  let spare: Realm | undefined = compiled.createRealm();
  let refill: NodeJS.Immediate | undefined;

  function takeRealm(): Realm {
    const realm = spare ?? compiled.createRealm();
    spare = undefined;
    refill ??= setImmediate(() => {
      refill = undefined;
      try {
        spare ??= compiled.createRealm();
      } catch (error) {
        // The call that needs the realm makes it, and tells the fault.
        if (!(error instanceof ContractFault)) throw error;
      }
    });
    return realm;
  }

  return {
    describe() {
      for (const message of takeRealm().step([{ describe: true }])) {
        if (message.type === 'answer') return message.answer;
        if (message.type === 'failure')
          throw new ContractFault('CONTRACT_BROKEN', `the contract cannot describe itself: ${message.failure}`);
      }
      throw new ContractFault('CONTRACT_BROKEN', 'the contract does not describe itself');
    },

    async call(request, answer) {
      const realm = takeRealm();
      let asks = 0;
      let messages: readonly HostMessage[] = [{ start: request }];
      for (;;) {
        const sent = realm.step(messages);
        const outcome = outcomeOf(sent);
        if (outcome) return outcome;
        const asked = sent.filter((message) => message.type === 'ask');
        asks += asked.length;
        if (asked.length === 0) throw new ContractFault('CONTRACT_BROKEN', 'the contract waits for something that never comes');
        if (asks > maximumAsks)
          throw new ContractFault('CONTRACT_TIMEOUT', `the contract read the ledger more than ${maximumAsks} times in one call`);
        messages = await Promise.all(asked.map(async ({ ask, operation, request }) => ({ ask, text: await answer(operation, request) })));
      }
    },
  };
}

function outcomeOf(sent: readonly RealmMessage[]): Answer | undefined {
  for (const message of sent) {
    if (message.type === 'answer') return parseAnswer(message.answer);
    if (message.type === 'failure') throw new ContractFault('CONTRACT_BROKEN', `the contract failed: ${message.failure.slice(0, 2000)}`);
  }
  return undefined;
}
