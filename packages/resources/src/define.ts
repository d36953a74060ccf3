import type { KubernetesObject, ObjectMeta, ResourceType } from '@guildhall/kubernetes';
import type { z } from 'zod';
import { apiVersion, group, version } from './group.ts';

export interface PrinterColumn {
  name: string;
  type: 'string' | 'integer' | 'date';
  jsonPath: string;
  /** 0 shows always, 1 with `kubectl get -o wide`. */
  priority?: number;
}

export interface GuildhallObject<Spec, Status> extends KubernetesObject {
  metadata: ObjectMeta;
  spec: Spec;
  status?: Status;
}

/** One noun: the names it goes by, its schema, and what CRD, validation and clients are made from. */
export interface Kind<SpecSchema extends z.ZodType, StatusSchema extends z.ZodType> {
  type: ResourceType<GuildhallObject<z.output<SpecSchema>, z.output<StatusSchema>>>;
  specSchema: SpecSchema;
  statusSchema: StatusSchema;
  shortNames: string[];
  printerColumns: PrinterColumn[];
  description: string;
  /** A CEL rule about the object's name; CRDs can see metadata.name at the root only. */
  nameRule?: CelRule;
  /** Its controller cleans up behind it: who makes one may make it with our finalizer at once. */
  cleansUp: boolean;
}

export interface CelRule {
  rule: string;
  message: string;
}

export type ObjectOf<K> = K extends Kind<infer Spec, infer Status> ? GuildhallObject<z.output<Spec>, z.output<Status>> : never;

const ready: PrinterColumn[] = [
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'Reason', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
];
const age: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };
const message: PrinterColumn = {
  name: 'Message',
  type: 'string',
  jsonPath: '.status.conditions[?(@.type=="Ready")].message',
  priority: 1,
};

export function defineKind<SpecSchema extends z.ZodType, StatusSchema extends z.ZodType>(definition: {
  kind: string;
  plural: string;
  shortNames: string[];
  description: string;
  spec: SpecSchema;
  status: StatusSchema;
  columns: PrinterColumn[];
  nameRule?: CelRule;
  cleansUp?: boolean;
}): Kind<SpecSchema, StatusSchema> {
  return {
    type: { group, version, kind: definition.kind, plural: definition.plural, namespaced: true },
    specSchema: definition.spec,
    statusSchema: definition.status,
    shortNames: definition.shortNames,
    description: definition.description,
    printerColumns: [...definition.columns, ...ready, age, message],
    ...(definition.nameRule ? { nameRule: definition.nameRule } : {}),
    cleansUp: definition.cleansUp ?? false,
  };
}

/** A CEL rule goes into the CRD beside the schema; the same rule is checked again by controllers where it matters. */
export function withRules<Schema extends z.ZodType>(schema: Schema, ...rules: CelRule[]): Schema {
  const meta: Record<string, unknown> = schema.meta() ?? {};
  const before = Array.isArray(meta['x-kubernetes-validations']) ? (meta['x-kubernetes-validations'] as CelRule[]) : [];
  return schema.meta({ ...meta, 'x-kubernetes-validations': [...before, ...rules] });
}

export const immutable = (what: string): CelRule => ({
  rule: 'self == oldSelf',
  message: `${what} cannot be changed; create a new one instead`,
});

/** A list whose items are told apart by a key: what server-side apply merges by item. */
export function keyedList<Schema extends z.ZodType>(schema: Schema, ...keys: string[]): Schema {
  return schema.meta({ ...schema.meta(), 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys });
}

/** A list of distinct scalars, merged as a set by server-side apply. */
export function setList<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.meta({ ...schema.meta(), 'x-kubernetes-list-type': 'set' });
}

export const object = <Spec, Status>(
  type: ResourceType<GuildhallObject<Spec, Status>>,
  metadata: ObjectMeta,
  spec: Spec,
): GuildhallObject<Spec, Status> => ({ apiVersion, kind: type.kind, metadata, spec });
