import { authorise, type Actor } from './caller.ts';
import type { JsonValue } from './canonical-json.ts';
import { ContractError, type ErrorCode } from './errors.ts';
import {
  requestIdField,
  type ActorDescription,
  type CreationContext,
  type Guard,
  type Move,
  type ReadCall,
  type ReadOperation,
  type SideMoves,
  type TransitionContext,
  type WriteOperation,
} from './operation.ts';
import { asOf, requireNotFrozen, type AssetRecord, type Kind } from './record.ts';
import { id as idSchema, object, type Fields, type ObjectOf } from './schema.ts';
import type { OpenTransaction, Transaction } from './transaction.ts';

type MaybePromise<T> = T | Promise<T>;

interface WriteSpec<F, Data, Context> {
  readonly title: string;
  readonly description: string;
  readonly kind: Kind<Data>;
  /** Arguments beside `requestId` and `id`, which every write takes. */
  readonly args: F;
  readonly by: readonly Actor<Context>[];
  readonly guards?: readonly Guard<Context>[];
  /** The rows of what the effect does to other records. */
  readonly also?: readonly SideMoves[];
}

interface CreationSpec<F extends Fields, Data, Settings> extends WriteSpec<F, Data, CreationContext<Settings, ObjectOf<F>>> {
  readonly to: readonly [string, ...string[]];
  effect(context: CreationContext<Settings, ObjectOf<F>>): MaybePromise<{ readonly state?: string; readonly data: Data }>;
}

interface TransitionSpec<F extends Fields, Data, Settings> extends WriteSpec<F, Data, TransitionContext<Settings, ObjectOf<F>, Data>> {
  readonly moves: readonly [{ readonly from: readonly string[]; readonly to: readonly [string, ...string[]] }, ...Move[]];
  /** The state may be left out when the row allows only one. */
  effect(context: TransitionContext<Settings, ObjectOf<F>, Data>): MaybePromise<{ readonly state?: string; readonly data?: Data }>;
}

interface ReadSpec<F extends Fields, Settings> {
  readonly title: string;
  readonly description: string;
  readonly args: F;
  run(call: ReadCall<Settings>, args: ObjectOf<F>): Promise<JsonValue>;
}

const envelopeFields = { ...requestIdField, id: idSchema('Id') };

/** All arguments are checked together; the operation gets the envelope and its own apart. */
function argumentsOf<F extends Fields>(fields: F) {
  return {
    schema: object({ ...envelopeFields, ...fields }),
    split(checked: unknown): { id: string; args: ObjectOf<F> } {
      const { requestId: _, id, ...args } = checked as ObjectOf<typeof envelopeFields>;
      // What is left are the fields that were added to the envelope; the compiler cannot subtract.
      return { id, args: args as unknown as ObjectOf<F> };
    },
  };
}

/** The transaction as an effect sees it: what it does to other records must be in the operation's table, too. */
function withinTable(tx: OpenTransaction, operation: string, also: readonly SideMoves[]): Transaction {
  function requireRow(kind: Kind, from: string | null, to: string): void {
    const rows = also.filter((side) => side.kind.name === kind.name).flatMap(({ moves }) => moves);
    if (!rows.some((row) => (from === null ? row.from.length === 0 : row.from.includes(from)) && row.to.includes(to)))
      throw new ContractError('INTERNAL', `${operation} takes a ${kind.name} from ${from ?? 'nothing'} to ${to}, which its table does not have`);
  }
  return {
    get: async (kind, id) => tx.get(kind, id),
    find: async (kind, id) => tx.find(kind, id),
    claim: async (name, value, owner, path) => tx.claim(name, value, owner, path),
    release: (name, value) => tx.release(name, value),
    async create(kind, id, state, data, path) {
      requireRow(kind, null, state);
      return tx.create(kind, id, state, data, path);
    },
    async update(kind, record, next) {
      requireRow(kind, record.state, next.state ?? record.state);
      return tx.update(kind, record, next);
    },
  };
}

async function requireAll<Context>(guards: readonly Guard<Context>[], context: Context): Promise<void> {
  for (const guard of guards) {
    const violation = await guard.check(context);
    if (violation !== undefined) throw new ContractError(guard.code, violation, { path: guard.path });
  }
}

function nextState(operation: string, given: string | undefined, allowed: readonly string[]): string {
  const state = given ?? (allowed.length === 1 ? allowed[0] : undefined);
  if (state === undefined || !allowed.includes(state))
    throw new ContractError('INTERNAL', `${operation} leads to ${state ?? 'no state'}, which its table does not have`);
  return state;
}

const descriptions = <Context>(actors: readonly Actor<Context>[]): ActorDescription[] =>
  actors.map(({ name, title, roles }) => ({ name, title, roles }));

/** The builders of a template's operations, for its settings. */
export const operationsFor = <Settings>() => ({
  creation: <F extends Fields, Data>(spec: CreationSpec<F, Data, Settings>): WriteOperation<Settings> => {
    const { title, description, kind, by, guards = [], also = [], to } = spec;
    const envelope = argumentsOf(spec.args);
    return {
      type: 'write',
      title,
      description,
      kind: kind.name,
      args: envelope.schema,
      guards,
      moves: [{ from: [], to }],
      also,
      by: descriptions(by),
      async apply(name, call, checked) {
        const context = { ...call, tx: withinTable(call.tx, name, also), ...envelope.split(checked) };
        authorise(name, by, context, call.config.parties);
        await requireAll(guards, context);
        const { state, data } = await spec.effect(context);
        return call.tx.create(kind, context.id, nextState(name, state, to), data);
      },
    };
  },

  transition: <F extends Fields, Data>(spec: TransitionSpec<F, Data, Settings>): WriteOperation<Settings> => {
    const { title, description, kind, by, guards = [], also = [], moves } = spec;
    const raises: ErrorCode[] = kind.lapsed ? ['EXPIRED'] : [];
    const envelope = argumentsOf(spec.args);
    return {
      type: 'write',
      title,
      description,
      kind: kind.name,
      args: envelope.schema,
      guards,
      moves,
      also,
      raises,
      by: descriptions(by),
      async apply(name, call, checked) {
        const { id, args } = envelope.split(checked);
        const stored = await call.tx.stored(kind, id);
        requireNotFrozen(stored, 'id');
        const record = asOf(kind, stored, call.now);
        const move = moveFrom(name, moves, record, stored);
        const context = { ...call, tx: withinTable(call.tx, name, also), id, args, record };
        authorise(name, by, context, call.config.parties);
        await requireAll(guards, context);
        const next = await spec.effect(context);
        return call.tx.update(kind, record, { ...next, state: nextState(name, next.state, move.to) });
      },
    };
  },

  read: <F extends Fields>(spec: ReadSpec<F, Settings>): ReadOperation<Settings> => {
    const { title, description } = spec;
    const schema = object(spec.args);
    return { type: 'read', title, description, args: schema, run: async (call, raw) => spec.run(call, schema.parse(raw, '')) };
  },
});

function moveFrom(operation: string, moves: readonly Move[], { kind, id, state }: AssetRecord, stored: AssetRecord): Move {
  const move = moves.find(({ from }) => from.includes(state));
  if (move) return move;
  if (moves.some(({ from }) => from.includes(stored.state)))
    throw new ContractError('EXPIRED', `${operation} comes too late: the time in which ${kind} ${id} was ${stored.state} is over, and it is ${state}`, {
      path: 'id',
    });
  const starts = moves.flatMap(({ from }) => from).join(' or ');
  throw new ContractError('ILLEGAL_TRANSITION', `${operation} starts from ${starts}; ${kind} ${id} is ${state}`, { path: 'id' });
}
