import { canonicalJson, toJson, type JsonValue } from './canonical-json.ts';
import { callerSchema } from './caller.ts';
import { clockKey, requireTime } from './clock.ts';
import { configKey, configSchema, readConfig, requireActive } from './config.ts';
import { ContractError } from './errors.ts';
import { freezeOperations } from './freeze.ts';
import { formerResult, rememberResult, requestDigest, requestKey } from './idempotency.ts';
import { createLedger, type Ask, type Ledger } from './ledger.ts';
import { describe, eventName } from './metadata.ts';
import { operationsFor } from './define.ts';
import { requestIdField, type Operation, type SetupOperation, type WriteOperation, type WriteOutcome } from './operation.ts';
import { baseReads } from './reads.ts';
import { assetKey } from './record.ts';
import { instant, lenient, object, text, type Infer } from './schema.ts';
import { setupOperations } from './setup.ts';
import { baseRoles, type Template } from './template.ts';
import { createTransaction } from './transaction.ts';

/** What a bundle exports: the whole surface between a contract and what runs it, in strings. */
export interface Contract {
  /** The metadata, as JSON. */
  readonly describe: () => string;
  /**
   * Runs one call. The request is JSON `{operation, args, caller, timestamp}` (`args` is JSON text). The answer is JSON, either
   * `{ok: true, payload, event?: {name, payload}, writes}` with the writes in order of keys, or `{ok: false, message}` with the refusal
   * as JSON and nothing to write.
   */
  readonly invoke: (request: string, ask: Ask) => Promise<string>;
}

/** A contract outlives the runner that it was built for: what a newer one tells besides is passed over. */
const requestSchema = lenient(
  object({
    operation: text({ title: 'Operation', minLength: 0, maxLength: 100 }),
    args: text({ title: 'Arguments', minLength: 0, maxLength: 1_000_000 }),
    caller: lenient(callerSchema),
    timestamp: instant('Transaction time'),
  }),
);
type Request = Infer<typeof requestSchema>;

interface Answer {
  readonly payload: JsonValue;
  readonly event?: { readonly name: string; readonly payload: string };
}

export function createContract<Settings>(template: Template<Settings>): Contract {
  const schema = configSchema(Object.keys({ ...baseRoles, ...template.roles }), template.settings);
  const operations: Readonly<Record<string, Operation<Settings>>> = {
    ...setupOperations(schema),
    ...template.operations,
    ...freezeOperations<Settings>(template.kinds),
    ...baseReads<Settings>(template.kinds),
    Meta: operationsFor<Settings>().read({
      title: 'Meta',
      description: 'What this contract is and can do.',
      args: {},
      run: async () => metadata(),
    }),
  };
  // Made on demand: a realm runs one call, and few calls ask for it.
  const metadata = (): JsonValue => describe(template, operations, schema);

  async function call(request: Request, ledger: Ledger): Promise<Answer> {
    const { operation: name, caller, timestamp: at } = request;
    const args = parseArguments(request.args);
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!operation)
      throw new ContractError('INVALID_ARG', `there is no operation ${name}; the operations are ${Object.keys(operations).join(', ')}`, {
        path: 'operation',
      });
    if (operation.type === 'read') {
      const stored = await readConfig(ledger);
      const config = stored && schema.parse(stored.config, 'config');
      return { payload: await operation.run({ ledger, caller, at, config }, args) };
    }
    return write(operation, request, args, ledger);
  }

  /** Answers a repeated request from memory, else runs it and remembers its result. */
  async function write(
    operation: WriteOperation<Settings> | SetupOperation,
    { operation: name, caller, timestamp: at }: Request,
    given: Readonly<Record<string, unknown>>,
    ledger: Ledger,
  ): Promise<Answer> {
    const args = operation.args.parse(given, '');
    const requestId = requestIdField.requestId.parse(given['requestId'], 'requestId');
    const key = requestKey(caller.mspId, requestId);
    const asset = operation.type === 'write' && typeof given['id'] === 'string' ? [assetKey(operation.kind, given['id'])] : [];
    await ledger.prefetch([configKey, clockKey, key, ...asset]);
    const digest = requestDigest(name, args);
    const former = await formerResult(ledger, key, digest);
    if (former) return { payload: former.result };
    const call = { caller, at, ledger };
    const { result, changes } =
      operation.type === 'write' ? await writeAsset(operation, name, call, args) : await operation.run(call, args);
    rememberResult(ledger, key, digest, result);
    return { payload: result, event: { name: eventName(template.code, name), payload: canonicalJson(changes) } };
  }

  async function writeAsset(
    operation: WriteOperation<Settings>,
    name: string,
    { caller, at, ledger }: WriteRequest,
    args: unknown,
  ): Promise<WriteOutcome> {
    const config = schema.parse(requireActive(await readConfig(ledger)).config, 'config');
    await requireTime(ledger, at, config);
    const tx = createTransaction(ledger, at, caller.mspId);
    const { id, state, version } = await operation.apply(name, { caller, now: at, config, tx }, args);
    return { result: { id, state, version, changes: toJson(tx.changes) }, changes: tx.changes };
  }

  return {
    describe: () => canonicalJson(metadata()),
    invoke: async (request, ask) => {
      const ledger = createLedger(ask);
      try {
        const { payload, event } = await call(requestSchema.parse(JSON.parse(request), 'request'), ledger);
        return JSON.stringify({ ok: true, payload: canonicalJson(payload), event, writes: ledger.writes() });
      } catch (error) {
        return JSON.stringify({ ok: false, message: JSON.stringify(asRefusal(error)) });
      }
    },
  };
}

interface WriteRequest {
  readonly caller: Request['caller'];
  readonly at: string;
  readonly ledger: Ledger;
}

function parseArguments(json: string): Readonly<Record<string, unknown>> {
  if (json === '') return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw new ContractError('INVALID_ARG', 'the arguments are not JSON', { path: '' });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new ContractError('INVALID_ARG', 'the arguments must be one JSON object', { path: '' });
  return Object.fromEntries(Object.entries(parsed));
}

const asRefusal = (error: unknown): ContractError =>
  error instanceof ContractError
    ? error
    : new ContractError('INTERNAL', error instanceof Error ? error.message : 'the contract threw something that is not an error');
