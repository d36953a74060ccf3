import { applyErrors } from '../apply/check.ts';
import { decodeManagers, encodeManagers, type Managers } from '../apply/managers.ts';
import { applyConfiguration, ownershipAfterUpdate, type Writer } from '../apply/ownership.ts';
import { emptySet, setOf, type FieldSet } from '../apply/field-set.ts';
import { equals, isObject, listOr, objectOr, textOr, without, type Json, type JsonObject } from '../json.ts';
import { compact } from '../schema/compact.ts';
import { withDefaults } from '../schema/defaults.ts';
import { objectMeta } from '../schema/metadata.ts';
import { metadataErrors } from '../schema/names.ts';
import { withoutNulls } from '../schema/nulls.ts';
import { prune } from '../schema/prune.ts';
import { validate, validateStructure } from '../schema/validate.ts';
import type { Schema } from '../schema/schema.ts';
import type { Call, WriteOptions } from './call.ts';
import { badRequest, invalid, modified, notApplicable } from './failure.ts';
import { apiVersionOf, type Kind } from './kind.ts';

/*
 * From what a client sent to what is stored. Everything here is a pure function of the objects, the call and the time.
 */

export interface Moment {
  /** RFC 3339, whole seconds. */
  time: string;
  uid: string;
}

export const metadataOf = (object: JsonObject): JsonObject => objectOr(object['metadata']);

/** The body with the identity that the URL gives it, or a refusal when it says otherwise. */
export function identified(call: Call, body: Json): JsonObject {
  const { kind } = call;
  if (!isObject(body)) throw badRequest('the body of the request must be an object');
  const expected = apiVersionOf(kind);
  const version = textOr(body['apiVersion'], expected);
  if (version !== expected) throw badRequest(`the API version in the data (${version}) does not match the expected API version (${expected})`);
  const name = textOr(body['kind'], kind.kind);
  if (name !== kind.kind) throw invalid({ ...kind, kind: name }, textOr(metadataOf(body)['name']), [{ type: 'FieldValueInvalid', field: 'kind', message: `Invalid value: ${JSON.stringify(name)}: must be ${kind.kind}` }]);
  const metadata = metadataOf(body);
  const namespace = textOr(metadata['namespace'], call.namespace);
  if (kind.namespaced && namespace !== call.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (call.name && textOr(metadata['name'], call.name) !== call.name) {
    throw badRequest(`the name of the object (${textOr(metadata['name'])}) does not match the name on the URL (${call.name})`);
  }
  return {
    apiVersion: expected,
    kind: kind.kind,
    ...without(body, 'apiVersion', 'kind'),
    metadata: { ...metadata, ...(call.name ? { name: call.name } : {}), ...(kind.namespaced ? { namespace: call.namespace } : {}) },
  };
}

/** Without fields that the kind does not have; says so as the client wants it said. `old` is what is stored. */
export function known(kind: Kind, object: JsonObject, { fieldValidation, warn }: WriteOptions, old?: JsonObject): JsonObject {
  const unknown: string[] = [];
  const pruned = objectOr(prune(kind.schema, object, unknown));
  if (unknown.length > 0) {
    const texts = unknown.sort().map((path) => `unknown field "${path}"`);
    if (fieldValidation === 'Strict') {
      throw badRequest(`${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: strict decoding error: ${texts.join(', ')}`);
    }
    if (fieldValidation === 'Warn') texts.forEach(warn);
  }
  if (kind.isCustom) return objectOr(withoutNulls(kind.schema, pruned));
  refuseUndecodable(kind, pruned, old);
  return pruned;
}

/** Built-in kinds are decoded into types of Go before anything else is looked at. */
function refuseUndecodable(kind: Kind, object: JsonObject, old: JsonObject | undefined): void {
  const [first] = validateStructure(kind.schema, withDefaults(kind.schema, throughGo(kind.schema, object)), old).filter((error) => error.type === 'FieldValueTypeInvalid');
  // Without the value: it may be a Secret's.
  if (first) throw badRequest(`${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${first.field} has another type or format than the kind declares`);
}

/** What a type of Go does not keep. */
const throughGo = (schema: Schema, value: Json): Json => compact(schema, withoutNulls(schema, value));

function completed(kind: Kind, object: JsonObject, old: JsonObject | undefined): JsonObject {
  // Of custom kinds only the metadata passes through types of Go.
  const whole = kind.isCustom ? { ...object, metadata: throughGo(objectMeta, metadataOf(object)) } : throughGo(kind.schema, object);
  const filled = objectOr(withDefaults(kind.schema, whole));
  return kind.complete ? kind.complete(filled, old) : filled;
}

function refuseInvalid(kind: Kind, object: JsonObject, old: JsonObject | undefined): void {
  const metadata = metadataOf(object);
  // An old name may be of a form that was allowed once.
  const named = metadataErrors(metadata, kind.nameForm).filter((error) => !old || error.field !== 'metadata.name');
  const errors = kind.isCustom ? validate(kind.schema, object, old, named) : [...named, ...validateStructure(kind.schema, object, old), ...(kind.check?.(object, old) ?? [])];
  if (errors.length > 0) throw invalid(kind, textOr(metadata['name']), errors);
}

/** Fields that this endpoint does not write. */
const ignoredFields = (kind: Kind, subresource: string): FieldSet =>
  !kind.hasStatus ? emptySet : subresource === 'status' ? setOf(['spec']) : setOf(['status']);

const withManagers = (object: JsonObject, managers: Managers): JsonObject => {
  const managedFields = encodeManagers(managers);
  return { ...object, metadata: { ...without(metadataOf(object), 'managedFields'), ...(managedFields.length > 0 ? { managedFields } : {}) } };
};

const managersOf = (object: JsonObject): Managers => decodeManagers(metadataOf(object)['managedFields']);

const writerOf = (kind: Kind, options: WriteOptions, subresource: string, { time }: Moment): Writer => ({
  manager: options.fieldManager, apiVersion: apiVersionOf(kind), subresource, time,
});

/** A new object as it is stored, but for what the cluster adds (Kind.admit). `managers` is given by an apply. */
export function prepareCreate(kind: Kind, body: JsonObject, options: WriteOptions, moment: Moment, managers?: Managers): JsonObject {
  const sent = metadataOf(body);
  if (textOr(sent['resourceVersion']) !== '') throw badRequest('resourceVersion should not be set on objects to be created');
  const metadata: JsonObject = {
    ...without(sent, 'managedFields', 'selfLink', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'resourceVersion'),
    uid: moment.uid,
    creationTimestamp: moment.time,
    ...(kind.hasGeneration ? { generation: 1 } : {}),
  };
  if (!kind.hasGeneration) delete metadata['generation'];
  const object = completed(kind, { ...(kind.hasStatus ? without(body, 'status') : body), metadata }, undefined);
  const owned = managers ?? ownershipAfterUpdate(
    { schema: kind.schema, live: kind.blank ?? {}, managers: new Map(), writer: writerOf(kind, options, '', moment), ignored: ignoredFields(kind, '') },
    object,
  );
  refuseInvalid(kind, object, undefined);
  return withManagers(object, owned);
}

const fixed = ['uid', 'name', 'namespace', 'creationTimestamp', 'generation', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'resourceVersion', 'selfLink', 'managedFields'];
const pick = (object: JsonObject, keys: string[]): JsonObject => Object.fromEntries(keys.flatMap((key) => (object[key] === undefined ? [] : [[key, object[key]]])));

/** `sent` with what a client cannot change put back. */
function restored(kind: Kind, old: JsonObject, sent: JsonObject, subresource: string): JsonObject {
  if (subresource === 'status') {
    return { ...old, ...(sent['status'] === undefined ? {} : { status: sent['status'] }) };
  }
  const metadata = { ...without(metadataOf(sent), ...fixed), ...pick(metadataOf(old), fixed) };
  const body = kind.hasStatus ? { ...without(sent, 'status'), ...pick(old, ['status']) } : sent;
  return { ...body, metadata };
}

const content = (object: JsonObject): JsonObject => without(object, 'metadata', 'status');

/**
 * `old` after a write of `sent`: the very same object when nothing changed. `apply` is given by an apply: who owns what
 * after it.
 */
export function prepareUpdate(call: Pick<Call, 'kind' | 'subresource'>, old: JsonObject, sent: JsonObject, options: WriteOptions, moment: Moment, apply?: Managers): JsonObject {
  const { kind, subresource } = call;
  const before = metadataOf(old);
  const claimed = metadataOf(sent);
  const version = textOr(claimed['resourceVersion']);
  const name = textOr(before['name']);
  if (version !== '' && version !== before['resourceVersion']) throw modified(kind, name);
  const uid = textOr(claimed['uid'], textOr(before['uid']));
  if (uid !== before['uid']) throw invalid(kind, name, [{ type: 'FieldValueInvalid', field: 'metadata.uid', message: `Invalid value: ${JSON.stringify(uid)}: field is immutable` }]);
  const asked = completed(kind, sent, old);
  let next = completed(kind, restored(kind, old, asked, subresource), old);
  refuseDeletedFinalizers(kind, name, before, metadataOf(next));
  if (kind.hasGeneration && subresource === '' && !equals(content(next), content(old))) {
    next = { ...next, metadata: { ...metadataOf(next), generation: Number(before['generation'] ?? 0) + 1 } };
  }
  const live = withManagers(old, new Map());
  const owned = managersOf(old);
  const ownership = { schema: kind.schema, live, managers: owned, writer: writerOf(kind, options, subresource, moment), ignored: ignoredFields(kind, subresource) };
  // Where nothing is owned, nobody comes to own anything before the next apply.
  const managers = apply ?? (owned.size === 0 ? owned : ownershipAfterUpdate(ownership, withManagers(asked, new Map())));
  refuseInvalid(kind, next, old);
  next = withManagers(next, managers);
  return equals(timeless(next), timeless(old)) ? old : next;
}

/** Whether only the times of managers changed does not count as a change. */
function timeless(object: JsonObject): JsonObject {
  const metadata = metadataOf(object);
  const managedFields = listOr(metadata['managedFields']).map((entry) => without(objectOr(entry), 'time'));
  return { ...object, metadata: { ...metadata, managedFields } };
}

function refuseDeletedFinalizers(kind: Kind, name: string, before: JsonObject, after: JsonObject): void {
  if (before['deletionTimestamp'] === undefined) return;
  const had = listOr(before['finalizers']);
  const added = listOr(after['finalizers']).filter((finalizer) => !had.includes(finalizer));
  if (added.length === 0) return;
  throw invalid(kind, name, [{
    type: 'FieldValueForbidden', field: 'metadata.finalizers',
    message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((each) => JSON.stringify(each)).join(', ')}}`,
  }]);
}

/** What `config` makes of `live`, and who owns what then. `live` is undefined when there is no such object yet. */
export function applied(call: Pick<Call, 'kind' | 'subresource'>, live: JsonObject | undefined, config: JsonObject, options: WriteOptions & { force: boolean }, moment: Moment) {
  const { kind, subresource } = call;
  if (metadataOf(config)['managedFields'] !== undefined) throw badRequest('metadata.managedFields must be nil');
  const isSecret = kind.group === '' && kind.plural === 'secrets';
  const unfit = applyErrors(kind.schema, config).map((error) => (isSecret ? error.replace(/, got .*/s, '') : error));
  if (unfit.length > 0) throw notApplicable(kind, `${textOr(metadataOf(config)['namespace'])}/${textOr(metadataOf(config)['name'])}`, unfit);
  const base = live ? withManagers(live, new Map()) : { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: {} };
  const write = { schema: kind.schema, live: base, managers: live ? managersOf(live) : new Map(), writer: writerOf(kind, options, subresource, moment), ignored: ignoredFields(kind, subresource) };
  const managers = live && write.managers.size === 0
    ? ownershipAfterUpdate({ ...write, live: kind.blank ?? {}, writer: { ...write.writer, manager: 'before-first-apply' } }, base)
    : write.managers;
  const result = applyConfiguration({ ...write, managers }, config, options.force);
  return { object: result.object, managers: result.managers };
}
