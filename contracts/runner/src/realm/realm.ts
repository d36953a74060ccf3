import vm from 'node:vm';
import { types } from 'node:util';
import { bootstrapSource } from './bootstrap.ts';
import { ContractFault } from './faults.ts';
import { parseOutbox, type RealmMessage } from './messages.ts';

/** A global object of its own, in which one call of a contract runs and that is then thrown away. */
export interface Realm {
  /** Hands messages in, lets the contract run until it waits, and returns what it sent. Throws ContractFault when it runs too long. */
  step(messages: readonly HostMessage[]): readonly RealmMessage[];
}

export type HostMessage =
  | { readonly start: string }
  | { readonly describe: true }
  | { readonly ask: number; readonly text: string }
  | { readonly ask: number; readonly failure: string };

/** A realm's global is an ordinary object without interceptors; its own promise jobs run inside the step that caused them. */
const contextOptions = {
  codeGeneration: { strings: false, wasm: false },
  microtaskMode: 'afterEvaluate',
  name: 'contract',
} as const;

const bootstrap = new vm.Script(bootstrapSource, { filename: 'guildhall-realm.js' });
const stepScript = new vm.Script('void guildhallStep();', { filename: 'guildhall-step.js' });

/**
 * Compiles a bundle once. Each realm it makes starts from nothing but the bundle.
 * @param cpuMs processor time that one call may take in all
 */
export function compileContract(source: string, cpuMs: number): { createRealm(): Realm } {
  const bundle = new vm.Script(`guildhallLoad(() => {${source}\nreturn contract;});`, { filename: 'contract.js' });
  return {
    createRealm() {
      const global = vm.createContext(vm.constants.DONT_CONTEXTIFY, contextOptions);
      let left = cpuMs;

      function run(script: vm.Script): void {
        const before = performance.now();
        try {
          script.runInContext(global, { timeout: Math.max(1, Math.ceil(left)), displayErrors: false });
        } catch (error) {
          throw faultOf(error, cpuMs);
        } finally {
          left -= performance.now() - before;
        }
      }

      run(bootstrap);
      run(bundle);
      const [failure] = parseOutbox(Reflect.get(global, 'guildhallOutbox'));
      if (failure) throw new ContractFault('CONTRACT_BROKEN', `the contract cannot be loaded: ${failure.type === 'failure' ? failure.failure : 'it spoke before it was called'}`);
      return {
        step(messages) {
          // Both mailboxes are properties that the realm can neither remove nor turn into accessors.
          if (!Reflect.set(global, 'guildhallInbox', JSON.stringify(messages)) || !Reflect.set(global, 'guildhallOutbox', '')) {
            throw new ContractFault('CONTRACT_BROKEN', 'the contract sealed its mailboxes');
          }
          run(stepScript);
          return parseOutbox(Reflect.get(global, 'guildhallOutbox'));
        },
      };
    },
  };
}

/** What the contract threw is never touched: only an error that is certainly the host's is read. */
function faultOf(error: unknown, cpuMs: number): ContractFault {
  if (types.isNativeError(error) && Object.getPrototypeOf(error) === Error.prototype && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
    return new ContractFault('CONTRACT_TIMEOUT', `the contract ran for more than ${cpuMs} ms without answering`);
  }
  return new ContractFault('CONTRACT_BROKEN', 'the contract threw while it was loaded or between two answers');
}
