import { applyConflict, type Cause } from '../api/failure.ts';
import { equals, type JsonObject } from '../json.ts';
import { isDeclared, type Schema } from '../schema/schema.ts';
import {
  difference, emptySet, intersection, isEmpty, paths, printPath, recursiveDifference, setOf, union, type FieldSet,
} from './field-set.ts';
import { managerId, printManager, type Manager, type Managers } from './managers.ts';
import { merge } from './merge.ts';
import { childSchema, compare, fieldSetOf, itemSchema, remove, type Comparison } from './typed.ts';

/** Who writes. */
export type Writer = Omit<Manager, 'fields' | 'operation'>;

interface Write {
  schema: Schema;
  live: JsonObject;
  managers: Managers;
  writer: Writer;
  /** Top-level fields that this endpoint does not write: `status`, or `spec` of the status subresource. */
  ignored: FieldSet;
}

/** Nobody owns what the API server itself keeps (apimachinery, managedfields/internal/stripmeta.go). */
const unowned = setOf(
  ['apiVersion'], ['kind'], ['metadata'],
  ...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation', 'managedFields', 'resourceVersion']
    .map((field) => ['metadata', field]),
);

const ignore = (set: FieldSet, ignored: FieldSet): FieldSet => recursiveDifference(set, ignored);

/** Takes from all other managers what this write changes. Without `force`, refuses when they own any of it. */
function takeFromOthers(managers: Managers, self: string, change: Comparison, force: boolean): void {
  const touched = union(change.modified, change.added);
  const conflicts: { manager: Manager; fields: FieldSet }[] = [];
  for (const [id, manager] of managers) {
    if (id === self) continue;
    const fields = intersection(manager.fields, touched);
    if (!isEmpty(fields)) conflicts.push({ manager, fields });
  }
  if (!force && conflicts.length > 0) throw conflictOf(conflicts);
  for (const [id, manager] of managers) {
    if (id === self) continue;
    const fields = difference(difference(manager.fields, touched), change.removed);
    if (isEmpty(fields)) managers.delete(id);
    else managers.set(id, { ...manager, fields });
  }
}

function conflictOf(conflicts: { manager: Manager; fields: FieldSet }[]): Error {
  const sorted = conflicts
    .map(({ manager, fields }) => ({ name: printManager(manager), fields: [...paths(fields)].map(printPath) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const causes: Cause[] = sorted.flatMap(({ name, fields }) =>
    fields.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${name}`, field })),
  );
  const [only] = causes;
  const text = causes.length === 1 && only
    ? `1 conflict: ${only.message}: ${only.field}`
    : `${causes.length} conflicts: ${sorted.map(({ name, fields }) => [`conflicts with ${name}:`, ...fields.map((field) => `- ${field}`)].join('\n')).join('\n')}`;
  return applyConflict(`Apply failed with ${text}`, causes);
}

/** Managers after `next` was written by create, update or patch: the writer owns what it changed, nobody else does. */
export function ownershipAfterUpdate({ schema, live, managers, writer, ignored }: Write, next: JsonObject): Managers {
  const out = new Map(managers);
  const all = compare(schema, live, next);
  const change = { added: ignore(all.added, ignored), removed: ignore(all.removed, ignored), modified: ignore(all.modified, ignored) };
  // This write stands apart from earlier ones of the same writer, so that it takes nothing from itself.
  takeFromOthers(out, '', change, true);
  const taken = difference(union(change.modified, change.added), unowned);
  if (isEmpty(taken)) return out;
  const entry: Manager = { ...writer, operation: 'Update', fields: taken };
  const id = managerId(entry);
  out.set(id, { ...entry, fields: union(out.get(id)?.fields ?? emptySet, taken) });
  return out;
}

/**
 * Server-side apply (structured-merge-diff, merge/update.go): the object after the writer applied `config`, without what
 * the writer applied before, no longer applies and nobody else owns; and who owns what.
 */
export function applyConfiguration(write: Write, config: JsonObject, force: boolean): { object: JsonObject; managers: Managers; changed: boolean } {
  const { schema, live, writer, ignored } = write;
  const managers = new Map(write.managers);
  const entry: Manager = { ...writer, operation: 'Apply', fields: ignore(fieldSetOf(schema, config), ignored) };
  const id = managerId(entry);
  const before = managers.get(id);
  managers.set(id, entry);
  const merged = asObject(merge(schema, live, config));
  const object = before ? dropUnapplied(schema, merged, before.fields, managers) : merged;
  const all = compare(schema, live, object);
  const change = { added: ignore(all.added, ignored), removed: ignore(all.removed, ignored), modified: ignore(all.modified, ignored) };
  takeFromOthers(managers, id, change, force);
  // Another order of items is a change, although nobody comes to own anything by it.
  const changed = !equals(live, object);
  const fields = difference(entry.fields, unowned);
  if (isEmpty(fields)) managers.delete(id);
  else managers.set(id, { ...entry, fields, time: changed ? writer.time : (before?.time ?? '') });
  return { object, managers, changed };
}

/** Removes from `merged` what was applied last time unless somebody, the writer included, still owns it. */
function dropUnapplied(schema: Schema, merged: JsonObject, last: FieldSet, managers: Managers): JsonObject {
  const named = (set: FieldSet): FieldSet => withNamedFields(schema, set);
  const mergedSet = named(fieldSetOf(schema, merged));
  const owned = [...managers.values()].reduce((all, manager) => union(all, manager.fields), emptySet);
  const bare = asObject(remove(schema, merged, named(last)));
  const kept = asObject(remove(schema, merged, difference(mergedSet, union(named(fieldSetOf(schema, bare)), named(owned)))));
  // What disappeared only because its container did, without having been applied itself, stays.
  const dropped = difference(mergedSet, named(fieldSetOf(schema, kept)));
  return asObject(remove(schema, merged, intersection(dropped, named(last))));
}

/** `set` and the declared fields on the way to its paths, which are not in a set by themselves. */
function withNamedFields(schema: Schema, set: FieldSet): FieldSet {
  const members = new Set(set.members);
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    const field = element.startsWith('f:') ? element.slice(2) : undefined;
    if (field !== undefined && isDeclared(schema, field)) members.add(element);
    children.set(element, withNamedFields(field === undefined ? itemSchema(schema) : childSchema(schema, field), child));
  }
  return { members, children };
}

function asObject(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('an object stays an object when merged');
  return value as JsonObject;
}
