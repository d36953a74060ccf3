import type { OperationRow } from '../database/schema.ts';
import type { DesiredObject } from './consortium-resources.ts';

/** What an operation would do, or does. */
export interface Plan {
  resources: { kind: string; namespace: string; name: string }[];
  sentences: string[];
  warnings: string[];
  memoryMegabytes: number;
}

export interface PlannedOperation {
  plan: Plan;
  /** Absent on a dry run. */
  operation?: OperationRow;
}

export const listed = (objects: readonly DesiredObject[]): Plan['resources'] =>
  objects.map((object) => ({ kind: object.kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name }));

/** What the caller was told when the operation began. */
export const planOf = (operation: OperationRow): Plan => (operation.plan as { told: Plan }).told;
