import { parentPort } from 'node:worker_threads';
import { createRuntime } from '../src/realm/calls.ts';
import { ContractFault } from '../src/realm/faults.ts';
import { onOwnRejection } from '../src/realm/rejections.ts';
import type { Attempt, Result } from './realm-runs.ts';

// A thread without async hooks, like the runner's process: the test runner's own hooks do not survive a call that is cut short.

onOwnRejection((reason) => {
  throw reason;
});

async function run({ source, limitMs, ledger }: Attempt): Promise<Result> {
  const asked: string[] = [];
  try {
    const runtime = createRuntime(source, { limitMs });
    const outcome = await runtime.call('{}', async (operation, request) => {
      asked.push(`${operation} ${request}`);
      if (ledger === 'failing') throw new TypeError('the ledger is away');
      return request.toUpperCase();
    });
    return outcome.ok ? { payload: outcome.payload, asked } : { refusal: outcome.message, asked };
  } catch (error) {
    if (error instanceof ContractFault) return { fault: error.code, reason: error.message, asked };
    return { error: error instanceof Error ? error.message : 'unknown', asked };
  }
}

parentPort?.on('message', (attempt: Attempt) => void run(attempt).then((result) => parentPort?.postMessage(result, [])));
