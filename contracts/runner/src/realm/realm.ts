import vm from 'node:vm';
import { bootstrapSource } from './bootstrap.ts';
import { ContractFault } from './faults.ts';
import { refuseImport } from './imports.ts';
import { parseOutbox, type RealmMessage } from './messages.ts';

/** A global object of its own, in which one call of a contract runs and that is then thrown away. */
export interface Realm {
  /** Hands messages in, lets the contract run until it waits, and returns what it sent. A contract that loops never returns. */
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

/** Compiles a bundle once. Each realm starts from nothing but the bundle. */
export function compileContract(source: string): { createRealm(): Realm } {
  const bundle = compile(`guildhallLoad(() => {${source}\nreturn contract;});`, { filename: 'contract.js' });
  return {
    createRealm() {
      const global = vm.createContext(vm.constants.DONT_CONTEXTIFY, contextOptions);

      function run(script: vm.Script): void {
        try {
          script.runInContext(global, { displayErrors: false });
        } catch {
          // What was thrown is the contract's and is never touched.
          throw new ContractFault('CONTRACT_BROKEN', 'the contract threw where it cannot be understood');
        }
      }

      run(bootstrap);
      run(bundle);
      const [failure] = parseOutbox(Reflect.get(global, 'guildhallOutbox'));
      if (failure?.type === 'failure') throw new ContractFault('CONTRACT_BROKEN', `the contract cannot be loaded: ${failure.failure}`);
      if (failure) throw new ContractFault('CONTRACT_BROKEN', 'the contract spoke before it was called');
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
