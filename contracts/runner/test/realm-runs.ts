import { createRuntime } from '../src/realm/runtime.ts';
import { ContractFault } from '../src/realm/faults.ts';

export interface Options {
  readonly limitMs: number;
  readonly memoryMb: number;
  readonly ledger: 'answering' | 'failing';
}

export interface Result {
  readonly payload?: string;
  readonly refusal?: string;
  readonly fault?: string;
  readonly reason?: string;
  /** Of the host. */
  readonly error?: string;
  readonly asked: readonly string[];
}

/** Runs one call of a contract; the ledger answers a request with its capitals. */
export async function runOnce(
  source: string,
  { limitMs = 5000, memoryMb = 96, ledger = 'answering' }: Partial<Options> = {},
): Promise<Result> {
  const asked: string[] = [];
  const runtime = createRuntime(source, { limitMs, memoryMb });
  try {
    const outcome = await runtime.call('{}', async (operation, request) => {
      asked.push(`${operation} ${request}`);
      if (ledger === 'failing') throw new TypeError('the ledger is away');
      return request.toUpperCase();
    });
    return outcome.ok ? { payload: outcome.payload, asked } : { refusal: outcome.message, asked };
  } catch (error) {
    if (error instanceof ContractFault) return { fault: error.code, reason: error.message, asked };
    return { error: error instanceof Error ? error.message : 'unknown', asked };
  } finally {
    runtime.close();
  }
}
