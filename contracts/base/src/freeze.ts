import { authorise, type Actor, type Caller } from './caller.ts';
import { ContractError } from './errors.ts';
import { requestIdField, type WriteCall, type WriteOperation } from './operation.ts';
import type { AssetRecord, Kind } from './record.ts';
import { id, object, oneOf, optional, text } from './schema.ts';

interface Context {
  readonly caller: Caller;
  readonly record: AssetRecord;
}

const regulator: Actor<Context> = { name: 'regulator', title: 'a regulator', roles: ['regulator'], is: () => true };
const whoFroze: Actor<Context> = {
  name: 'regulator',
  title: 'the regulator that froze it',
  roles: ['regulator'],
  is: ({ caller, record }) => record.frozen?.by === caller.mspId,
};

/** A regulator stops every move of a record, which keeps its state; only reads remain until the same regulator lets it go. */
export function freezeOperations<Settings>(kinds: readonly Kind[]): Record<string, WriteOperation<Settings>> {
  const names = kinds.map(({ name }) => name);
  const target = { ...requestIdField, kind: optional(oneOf('Kind of record', names)), id: id('Id') };
  const order = { reason: text({ title: 'Reason', maxLength: 500 }), orderRef: text({ title: 'Reference of the order', maxLength: 200 }) };
  const freeze = object({ ...target, ...order });
  const unfreeze = object(target);
  const moves = kinds.flatMap(({ states }) =>
    Object.entries(states)
      .filter(([, { final }]) => final !== true)
      .map(([state]) => ({ from: [state], to: [state] })),
  );

  async function open(
    call: WriteCall<Settings>,
    args: { readonly kind?: string; readonly id: string },
  ): Promise<{ kind: Kind; record: AssetRecord }> {
    const kind = kinds.find(({ name }) => name === (args.kind ?? names[0]));
    if (!kind) throw new ContractError('INVALID_ARG', 'kind: is missing', { path: 'kind' });
    return { kind, record: await call.tx.get(kind, args.id) };
  }

  const common = { type: 'write', kind: names[0] ?? '', moves, guards: [] } as const;
  return {
    Freeze: {
      ...common,
      title: 'Freeze',
      description: 'Stops every move of a record by order of a regulator.',
      args: freeze,
      by: [regulator],
      async apply(name, call, raw) {
        const args = freeze.parse(raw, '');
        const { kind, record } = await open(call, args);
        authorise(name, [regulator], { caller: call.caller, record }, call.config.parties);
        if (record.frozen)
          throw new ContractError('FROZEN', `${kind.name} ${record.id} is frozen already by ${record.frozen.by}`, { path: 'id' });
        if (kind.states[record.state]?.final)
          throw new ContractError('ILLEGAL_TRANSITION', `${kind.name} ${record.id} is ${record.state} and does not move any more`, {
            path: 'id',
          });
        return call.tx.replace(kind, { ...record, frozen: { by: call.caller.mspId, reason: args.reason, orderRef: args.orderRef } });
      },
    },
    Unfreeze: {
      ...common,
      title: 'Unfreeze',
      description: 'Lets a frozen record move again.',
      args: unfreeze,
      by: [whoFroze],
      async apply(name, call, raw) {
        const { kind, record } = await open(call, unfreeze.parse(raw, ''));
        if (!record.frozen) throw new ContractError('ILLEGAL_TRANSITION', `${kind.name} ${record.id} is not frozen`, { path: 'id' });
        authorise(name, [whoFroze], { caller: call.caller, record }, call.config.parties);
        const { frozen: _, ...thawed } = record;
        return call.tx.replace(kind, thawed);
      },
    },
  };
}
