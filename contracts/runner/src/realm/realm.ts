import vm from 'node:vm';
import { bootstrapSource } from './bootstrap.ts';
import { ContractFault } from './faults.ts';
import { refuseImport } from './imports.ts';
import { parseOutbox, type RealmMessage } from './messages.ts';

/** A global object of its own, in which one call of a contract runs and that is then thrown away. */
export interface Realm {
  /** Hands messages in, lets the contract run until it waits, and returns what it sent. Throws ContractFault when it runs too long. */
  step(messages: readonly HostMessage[]): readonly RealmMessage[];
}

export type HostMessage = { readonly start: string } | { readonly describe: true } | { readonly ask: number; readonly text: string };

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
 * @param limitMs how long one call may run in all, without the time it waits for the ledger
 */
export function compileContract(source: string, limitMs: number): { createRealm(): Realm } {
  const bundle = compile(`guildhallLoad(() => {${source}\nreturn contract;});`, { filename: 'contract.js' });
  return {
    createRealm() {
      const global = vm.createContext(vm.constants.DONT_CONTEXTIFY, contextOptions);
      let left = limitMs;

      function run(script: vm.Script): void {
        const before = performance.now();
        let ended = false;
        try {
          script.runInContext(global, { timeout: Math.max(1, Math.ceil(left)), displayErrors: false });
          ended = true;
        } catch {
          // Whatever was thrown is the contract's and is never touched; even the error of a timeout is made in its realm.
        }
        left -= performance.now() - before;
        if (ended) return;
        // The watchdog counts whole milliseconds and may be one early.
        if (left <= 1) throw new ContractFault('CONTRACT_TIMEOUT', `the contract ran for more than ${limitMs} ms without answering`);
        throw new ContractFault('CONTRACT_BROKEN', 'the contract threw where it cannot be understood');
      }

      bootstrap.runInContext(global);
      run(bundle);
      const [failure] = parseOutbox(Reflect.get(global, 'guildhallOutbox'));
      if (failure)
        throw new ContractFault(
          'CONTRACT_BROKEN',
          `the contract cannot be loaded: ${failure.type === 'failure' ? failure.failure : 'it spoke before it was called'}`,
        );
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

function compile(source: string, options: { readonly filename: string }): vm.Script {
  refuseImport(source);
  try {
    return new vm.Script(source, options);
  } catch (error) {
    throw new ContractFault(
      'CONTRACT_BROKEN',
      `the contract is not a script: ${error instanceof Error ? error.message : 'it cannot be compiled'}`,
    );
  }
}
