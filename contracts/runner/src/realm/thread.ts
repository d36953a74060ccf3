import { parentPort, workerData } from 'node:worker_threads';
import { ContractFault } from './faults.ts';
import { compileContract, type HostMessage, type Realm } from './realm.ts';
import type { RealmMessage } from './messages.ts';
import { onOwnRejection } from './rejections.ts';

// The thread in which a contract's realms live, apart from everything that serves peers: it can be ended when a contract loops, and it is
// this thread that ends when a contract uses up its memory.

export interface StepRequest {
  readonly call: number;
  readonly messages: readonly HostMessage[];
}

export type StepResponse =
  | { readonly call: number; readonly sent: readonly RealmMessage[] }
  | { readonly call: number; readonly fault: ContractFault['code']; readonly reason: string };

/** Said once, before any response: the thread's own modules are loaded. */
export type ThreadMessage = 'ready' | StepResponse;

const realms = new Map<number, Realm>();
let compiled: ReturnType<typeof compileContract> | undefined;
// The next call's realm is made while nobody waits. It has seen no input, so it is as fresh as one made on demand.
let spare: Realm | undefined;

function takeRealm(): Realm {
  compiled ??= compileContract(String(workerData));
  const realm = spare ?? compiled.createRealm();
  spare = undefined;
  return realm;
}

function step({ call, messages }: StepRequest): StepResponse {
  const realm = realms.get(call);
  realms.delete(call);
  try {
    const running = realm ?? takeRealm();
    const sent = running.step(messages);
    if (sent.length > 0 && sent.every(({ type }) => type === 'ask')) realms.set(call, running);
    return { call, sent };
  } catch (error) {
    if (error instanceof ContractFault) return { call, fault: error.code, reason: error.message };
    throw error;
  }
}

onOwnRejection((reason) => {
  throw reason;
});
const post = (message: ThreadMessage): void => parentPort?.postMessage(message, []);
parentPort?.on('message', (request: StepRequest) => {
  post(step(request));
  setImmediate(() => {
    spare ??= compiled?.createRealm();
  });
});
post('ready');
