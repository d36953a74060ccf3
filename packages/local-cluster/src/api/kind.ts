import type { FieldError } from './failure.ts';
import type { Json, JsonObject } from '../json.ts';
import type { NameForm } from '../schema/names.ts';
import type { Schema } from '../schema/schema.ts';

export interface AdmitContext {
  /** clusterIPs of all Services. */
  usedAddresses: () => ReadonlySet<string>;
  allocateClusterIP: (service: JsonObject, used: ReadonlySet<string>) => string;
}

/** A kind that is served, and what is particular to it. */
export interface Kind {
  group: string;
  version: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  /** Whether it is defined by a CustomResourceDefinition. */
  isCustom: boolean;
  /** Of the whole object, metadata included. */
  schema: Schema;
  /** Whether status is written through its subresource only. */
  hasStatus: boolean;
  /** Whether the fields besides metadata and status are counted in metadata.generation. */
  hasGeneration: boolean;
  /** Fields besides metadata.name and metadata.namespace that a field selector may name, by path. */
  selectableFields: readonly string[];
  nameForm: NameForm;
  /** What the object has before anything is said: what a client that writes all of it does not come to own. */
  blank?: JsonObject;
  /** Refuses what the schema cannot say. */
  check?(object: JsonObject, old: JsonObject | undefined): FieldError[];
  /** Defaults that depend on more than one field. */
  complete?(object: JsonObject, old: JsonObject | undefined): JsonObject;
  /** What the API server itself adds when an object is made, after validation; nobody owns it. */
  admit?(object: JsonObject, context: AdmitContext): JsonObject;
}

export const apiVersionOf = (kind: Pick<Kind, 'group' | 'version'>): string => (kind.group === '' ? kind.version : `${kind.group}/${kind.version}`);
export const valueAt = (object: JsonObject, path: string): Json | undefined =>
  path.split('.').reduce<Json | undefined>(
    (at, field) => (typeof at === 'object' && at !== null && !Array.isArray(at) && Object.hasOwn(at, field) ? at[field] : undefined),
    object,
  );
