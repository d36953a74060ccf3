import { isObject, objectOr, textOr, type Json, type JsonObject } from '../json.ts';
import { fromFieldsV1, isEmpty, toFieldsV1, type FieldSet } from './field-set.ts';

/** One entry of `metadata.managedFields`. */
export interface Manager {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  subresource: string;
  /** RFC 3339, whole seconds. */
  time: string;
  fields: FieldSet;
}

/** Who a manager is; appliers are the same across versions, updaters are not. */
export const managerId = ({ manager, operation, apiVersion, subresource }: Omit<Manager, 'time' | 'fields'>): string =>
  JSON.stringify([manager, operation, operation === 'Apply' ? '' : apiVersion, subresource]);

export type Managers = Map<string, Manager>;

export function decodeManagers(managedFields: Json | undefined): Managers {
  const out: Managers = new Map();
  for (const entry of Array.isArray(managedFields) ? managedFields : []) {
    if (!isObject(entry)) continue;
    const manager: Manager = {
      manager: textOr(entry['manager']),
      operation: entry['operation'] === 'Apply' ? 'Apply' : 'Update',
      apiVersion: textOr(entry['apiVersion']),
      subresource: textOr(entry['subresource']),
      time: textOr(entry['time']),
      fields: fromFieldsV1(objectOr(entry['fieldsV1'])),
    };
    out.set(managerId(manager), manager);
  }
  return out;
}

const order = (entry: Manager): string => [entry.operation, entry.time, entry.manager, entry.apiVersion, entry.subresource].join('\0');

export function encodeManagers(managers: Managers): JsonObject[] {
  return [...managers.values()]
    .filter((entry) => !isEmpty(entry.fields))
    .sort((a, b) => (order(a) < order(b) ? -1 : 1))
    .map((entry) => ({
      apiVersion: entry.apiVersion,
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(entry.fields),
      manager: entry.manager,
      operation: entry.operation,
      ...(entry.subresource ? { subresource: entry.subresource } : {}),
      ...(entry.time ? { time: entry.time } : {}),
    }));
}

/** As conflicts name a manager. */
export function printManager(entry: Manager): string {
  const name = entry.subresource ? `${JSON.stringify(entry.manager)} with subresource ${JSON.stringify(entry.subresource)}` : JSON.stringify(entry.manager);
  return entry.operation === 'Apply' ? name : `${name} using ${entry.apiVersion}`;
}
