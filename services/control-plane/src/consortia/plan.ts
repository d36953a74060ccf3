import type { OperationRow } from '../database/schema.ts';
import type { OperationService } from '../operations/operation-service.ts';
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

export interface MutationOptions {
  actor: string;
  idempotencyKey: string | undefined;
  /** Answer the plan and change nothing. */
  dryRun: boolean;
}

/** A dry run is judged anew each time; anything else once for each key. */
export async function planOnce(
  operations: Pick<OperationService, 'once'>,
  request: { kind: string; input: unknown },
  { actor, idempotencyKey, dryRun }: MutationOptions,
  judge: () => Promise<PlannedOperation>,
): Promise<PlannedOperation> {
  if (dryRun) return judge();
  const result = await operations.once({ ...request, actor, idempotencyKey }, judge);
  return 'judged' in result ? result.judged : { plan: planOf(result), operation: result };
}
