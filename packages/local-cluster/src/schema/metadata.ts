import type { Schema } from './schema.ts';
import { atomic, count, dateTime, flag, integer, keyed, listOf, mapOf, setOf, struct, text, word } from './shapes.ts';

/** meta/v1 ObjectMeta, with the merge keys that server-side apply uses. */
export const objectMeta: Schema = struct({
  name: text,
  generateName: word,
  namespace: text,
  uid: text,
  resourceVersion: text,
  generation: integer,
  creationTimestamp: { ...dateTime, nullable: true },
  deletionTimestamp: { ...dateTime, nullable: true },
  deletionGracePeriodSeconds: integer,
  labels: mapOf(text),
  annotations: mapOf(text),
  finalizers: setOf(text),
  ownerReferences: keyed(
    atomic(struct({ apiVersion: text, kind: text, name: text, uid: text, controller: flag, blockOwnerDeletion: flag }, 'apiVersion', 'kind', 'name', 'uid')),
    'uid',
  ),
  managedFields: listOf({ 'x-kubernetes-preserve-unknown-fields': true }),
  selfLink: text,
});

/** A schema with the fields that every object has. */
export const withTypeMeta = (schema: Schema): Schema => ({
  ...schema,
  properties: { ...schema.properties, apiVersion: text, kind: text, metadata: objectMeta },
});

const moment = { ...dateTime, nullable: true };

/** meta/v1 Condition. */
export const condition: Schema = struct(
  { type: text, status: text, reason: text, message: text, observedGeneration: count, lastTransitionTime: moment },
  'type', 'status', 'reason', 'message', 'lastTransitionTime',
);

/** Conditions of the kinds that are older than meta/v1 Condition. */
export const olderCondition: Schema = struct(
  { type: text, status: text, reason: word, message: word, observedGeneration: count, lastTransitionTime: moment, lastProbeTime: moment, lastUpdateTime: moment },
  'type',
  'status',
);
