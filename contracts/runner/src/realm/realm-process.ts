import { flushCompileCache } from 'node:module';
import { ContractFault } from './faults.ts';
import type { RealmMessage } from './messages.ts';
import { compileContract, type HostMessage, type Realm } from './realm.ts';
import { onOwnRejection } from './rejections.ts';

// The process in which a contract's realms live, apart from everything that serves peers: it holds no keys and no connections, can be
// killed when a contract loops, and it is this process that ends when a contract uses up its memory.

export type ProcessRequest =
  | { readonly source: string }
  | { readonly call: number; readonly messages: readonly HostMessage[] }
  | { readonly forget: number };

export type StepResponse = {
  readonly call: number;
  readonly tookMs: number;
} & (
  | { readonly sent: readonly RealmMessage[]; /** The realm is kept for the answers. */ readonly waits: boolean }
  | { readonly fault: ContractFault['code']; readonly reason: string }
);

/** `ready` is said once, before any response: this program's own modules are loaded. */
export type ProcessMessage = 'ready' | StepResponse;

const realms = new Map<number, Realm>();
let source = '';
let compiled: ReturnType<typeof compileContract> | undefined;
// The next call's realm is made while nobody waits. It has seen no input, so it is as fresh as one made on demand.
let spare: Realm | undefined;

function takeRealm(): Realm {
  compiled ??= compileContract(source);
  const realm = spare ?? compiled.createRealm();
  spare = undefined;
  return realm;
}

function step(call: number, messages: readonly HostMessage[]): StepResponse {
  const began = performance.now();
  const tookMs = (): number => performance.now() - began;
  const realm = realms.get(call);
  realms.delete(call);
  try {
    const running = realm ?? takeRealm();
    const sent = running.step(messages);
    const waits = sent.length > 0 && sent.every(({ type }) => type === 'ask');
    if (waits) realms.set(call, running);
    return { call, tookMs: tookMs(), sent, waits };
  } catch (error) {
    if (error instanceof ContractFault) return { call, tookMs: tookMs(), fault: error.code, reason: error.message };
    throw error;
  }
}

const send = (message: ProcessMessage): void => void process.send?.(message);

function receive(request: ProcessRequest): void {
  if ('source' in request) source = request.source;
  else if ('forget' in request) realms.delete(request.forget);
  else {
    send(step(request.call, request.messages));
    setImmediate(() => {
      spare ??= compiled?.createRealm();
    });
  }
}

onOwnRejection((reason) => {
  throw reason;
});
process.on('message', receive);
process.on('disconnect', () => process.exit());
send('ready');
// This process is killed more often than it exits, and only an exit would write down what was compiled.
setImmediate(flushCompileCache);
