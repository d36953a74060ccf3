import { specDigest } from '@guildhall/resources';
import type { Connection, Database } from '../database/database.ts';
import { postgresCode, violatedConstraint } from '../database/database.ts';
import type { OperationRow } from '../database/schema.ts';
import { ApiProblem, notFound } from '../errors.ts';
import {
  findByIdempotencyKey,
  findOperation,
  insertOperation,
  requestCancel,
  resetFailedSteps,
} from './operation-repository.ts';
import type { OperationKind } from './operation.ts';
import { recordAudit, type AuditRecord } from '../audit/audit-repository.ts';

export interface OperationRequest<Plan> {
  kind: OperationKind<Plan>;
  consortium: string;
  actor: string;
  plan: Plan;
  /** The input as the caller gave it: a repetition under the same key must say the same. */
  input: unknown;
  idempotencyKey: string | undefined;
  audit: AuditRecord[];
  /** Further writes of the same transaction, such as reservations. */
  alongside?: (tx: Connection) => Promise<void>;
}

export interface OperationService {
  /** Records the operation, what goes with it, and the bell that rings for it, in one transaction. A repetition returns the first one. */
  begin<Plan>(request: OperationRequest<Plan>): Promise<OperationRow>;
  /** The earlier operation of the same key and input, if there is one; to be asked before a request is judged by a state that it has changed itself. */
  repeated(actor: string, key: string | undefined, input: unknown): Promise<OperationRow | undefined>;
  retry(id: string, actor: string): Promise<OperationRow>;
  cancel(id: string, actor: string): Promise<OperationRow>;
}

function conflictOf(error: unknown, consortium: string): unknown {
  switch (violatedConstraint(error)) {
    case 'operations_one_at_a_time':
      return new ApiProblem({ code: 'BUSY', message: `another operation is changing the consortium ${consortium}`, nextAction: 'wait until it ends, or cancel it' }, { cause: error });
    case 'consortia_live_name':
      return new ApiProblem({ code: 'DUPLICATE', path: 'name', message: `name: the consortium name "${consortium}" is taken`, nextAction: 'choose another name' }, { cause: error });
    default:
      return error;
  }
}

export function createOperationService(db: Database, ringSoon: () => void): OperationService {
  const repeated = async (actor: string, key: string | undefined, input: unknown): Promise<OperationRow | undefined> => {
    if (key === undefined) return undefined;
    const found = await findByIdempotencyKey(db, actor, key);
    if (found && found.input_digest !== specDigest(input)) {
      throw new ApiProblem({ code: 'IDEMPOTENCY_CONFLICT', path: 'idempotencyKey', message: 'this idempotency key was used for another request', nextAction: 'use a new key for a new request' });
    }
    return found;
  };

  const begin = async <Plan>(request: OperationRequest<Plan>): Promise<OperationRow> => {
    try {
      const row = await db.transaction().execute(async (tx) => {
        await request.alongside?.(tx);
        const operation = await insertOperation(tx, {
          kind: request.kind.kind,
          consortium: request.consortium,
          actor: request.actor,
          plan: request.plan,
          idempotencyKey: request.idempotencyKey,
          inputDigest: specDigest(request.input),
          steps: request.kind.steps(request.plan).map(({ name, title }) => ({ name, title })),
        });
        await recordAudit(tx, request.audit.map((record) => ({ ...record, operationId: operation.id })));
        return operation;
      });
      ringSoon();
      return row;
    } catch (error) {
      // Two requests with one key at the same time: the second finds the first one's row.
      const first = postgresCode(error) === '23505' ? await repeated(request.actor, request.idempotencyKey, request.input) : undefined;
      if (first) return first;
      throw conflictOf(error, request.consortium);
    }
  };

  const change = async (
    id: string,
    actor: string,
    action: string,
    write: (tx: Connection) => Promise<boolean>,
    refusal: (state: string) => ApiProblem,
  ): Promise<OperationRow> => {
    const operation = await findOperation(db, id);
    if (!operation) throw notFound('operation');
    try {
      const changed = await db.transaction().execute(async (tx) => {
        await recordAudit(tx, [{ actor, action, target: operation.consortium, operationId: id, details: {} }]);
        return write(tx);
      });
      if (!changed) throw refusal(operation.state);
    } catch (error) {
      throw conflictOf(error, operation.consortium);
    }
    ringSoon();
    return (await findOperation(db, id)) ?? operation;
  };

  return {
    begin,
    repeated,
    retry: (id, actor) =>
      change(id, actor, 'retryOperation', (tx) => resetFailedSteps(tx, id), (state) =>
        new ApiProblem({ code: 'CONFLICT', message: `the operation is ${state}, and only a failed one can be retried`, nextAction: 'look at its steps; one that waits goes on by itself' }),
      ),
    cancel: (id, actor) =>
      change(id, actor, 'cancelOperation', (tx) => requestCancel(tx, id), (state) =>
        new ApiProblem({ code: 'CONFLICT', message: `the operation is ${state}; there is nothing left to cancel`, nextAction: 'begin an operation that undoes it' }),
      ),
  };
}
