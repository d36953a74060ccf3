import { authorise, type Actor } from './caller.ts';
import type { JsonValue } from './canonical-json.ts';
import { ContractError } from './errors.ts';
import {
  requestIdField,
  type ActorDescription,
  type CreationContext,
  type Guard,
  type Move,
  type ReadCall,
  type ReadOperation,
  type TransitionContext,
  type WriteOperation,
} from './operation.ts';
import type { AssetRecord, Kind } from './record.ts';
import { id as idSchema, object, type Fields, type ObjectOf } from './schema.ts';

type MaybePromise<T> = T | Promise<T>;

interface WriteSpec<F, Data, Context> {
  readonly title: string;
  readonly description: string;
  readonly kind: Kind<Data>;
  /** Arguments beside `requestId` and `id`, which every write takes. */
  readonly args: F;
  readonly by: readonly Actor<Context>[];
  readonly guards?: readonly Guard<Context>[];
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

/** Checks all arguments together, then hands the envelope and the rest on in their own types. */
function argumentsOf<F extends Fields>(fields: F) {
  const whole = object({ ...envelopeFields, ...fields });
  const head = object(envelopeFields);
  const rest = object(fields);
  return {
    schema: whole,
    split(raw: unknown): { id: string; args: ObjectOf<F> } {
      const checked: object = whole.parse(raw, '');
      const entries = Object.entries(checked);
      const pick = (own: boolean) => Object.fromEntries(entries.filter(([name]) => Object.hasOwn(envelopeFields, name) === own));
      return { id: head.parse(pick(true), '').id, args: rest.parse(pick(false), '') };
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
    const { title, description, kind, by, guards = [], to } = spec;
    const envelope = argumentsOf(spec.args);
    return {
      type: 'write',
      title,
      description,
      kind: kind.name,
      args: envelope.schema,
      guards,
      moves: [{ from: [], to }],
      by: descriptions(by),
      async apply(name, call, raw) {
        const context = { ...call, ...envelope.split(raw) };
        authorise(name, by, context, call.config.parties);
        await requireAll(guards, context);
        const { state, data } = await spec.effect(context);
        return call.tx.create(kind, context.id, nextState(name, state, to), data);
      },
    };
  },

  transition: <F extends Fields, Data>(spec: TransitionSpec<F, Data, Settings>): WriteOperation<Settings> => {
    const { title, description, kind, by, guards = [], moves } = spec;
    const envelope = argumentsOf(spec.args);
    return {
      type: 'write',
      title,
      description,
      kind: kind.name,
      args: envelope.schema,
      guards,
      moves,
      by: descriptions(by),
      async apply(name, call, raw) {
        const { id, args } = envelope.split(raw);
        const stored = await call.tx.get(kind, id);
        if (stored.frozen)
          throw new ContractError('FROZEN', `${kind.name} ${id} is frozen by ${stored.frozen.by}: ${stored.frozen.reason}`, { path: 'id' });
        const record = kind.lapsed?.(stored, call.now) ?? stored;
        const move = moveFrom(name, moves, record);
        const context = { ...call, id, args, record };
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

function moveFrom(operation: string, moves: readonly Move[], { kind, id, state }: AssetRecord): Move {
  const move = moves.find(({ from }) => from.includes(state));
  if (move) return move;
  const starts = moves.flatMap(({ from }) => from).join(' or ');
  throw new ContractError('ILLEGAL_TRANSITION', `${operation} starts from ${starts}; ${kind} ${id} is ${state}`, { path: 'id' });
}
