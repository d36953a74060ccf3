import type { Condition } from '@guildhall/resources';
import { builder } from './builder.ts';

export const conditionType = builder.objectRef<Condition>('Condition').implement({
  authScopes: { admin: true },
  description: 'What a controller says of an object. A condition whose observedGeneration is below the object’s generation speaks of an older spec.',
  fields: (t) => ({
    type: t.exposeString('type'),
    status: t.exposeString('status'),
    reason: t.exposeString('reason'),
    message: t.exposeString('message'),
    observedGeneration: t.exposeInt('observedGeneration', { nullable: true }),
    lastTransitionTime: t.expose('lastTransitionTime', { type: 'DateTime' }),
  }),
});

/** Callers may write null for "left out"; the input schemas know only left out. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === null || member === undefined ? [] : [[name, withoutNulls(member)]])),
  );
}
