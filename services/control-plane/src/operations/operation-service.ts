import { specDigest } from '@guildhall/resources';
import type { Connection, Database } from '../database/database.ts';
import { postgresCode, transact, violatedConstraint } from '../database/database.ts';
import type { OperationRow } from '../database/schema.ts';
import { ApiProblem, notFound } from '../errors.ts';
import { findByIdempotencyKey, findOpenOperation, findOperation, findSuccessor, insertOperation, lockOperation, lockYielding, requestCancel, restartFailed } from './operation-repository.ts';
import { hasEnded, type OperationKind } from './operation.ts';
import { findRequest, insertRequest } from '../requests/request-repository.ts';
import { recordAudit, type AuditRecord } from '../audit/audit-repository.ts';

/** Who asks for what, under which key. */
export interface RequestIdentity {
  kind: string;
  actor: string;
  /** The input as the caller gave it: a repetition under the same key must say the same. */
  input: unknown;
  idempotencyKey: string | undefined;
}

export interface OperationRequest<Plan> extends Omit<RequestIdentity, 'kind'> {
  kind: OperationKind<Plan>;
  consortium: string;
  plan: Plan;
  audit: AuditRecord[];
  /** Further writes of the same transaction, such as reservations. */
  alongside?: (tx: Connection) => Promise<void>;
  /** The same, for what names the operation. */
  afterwards?: (tx: Connection, operation: OperationRow) => Promise<void>;
}

/** Who asks for what to happen to an operation, under which key. */
export interface OperationChange {
  id: string;
  actor: string;
  idempotencyKey: string | undefined;
}

export interface OperationService {
  /** Records the operation, what goes with it, and the bell that rings for it, in one transaction. A repetition returns the first one. */
  begin<Plan>(request: OperationRequest<Plan>): Promise<OperationRow>;
  /**
   * The earlier operation of the same key and input, or else what `judge` makes of the request. A request that is refused
   * only because its twin was faster gets its twin's operation.
   */
  once<T>(request: RequestIdentity, judge: () => Promise<T>): Promise<OperationRow | { judged: T }>;
  retry(request: OperationChange): Promise<OperationRow>;
  cancel(request: OperationChange): Promise<OperationRow>;
}

const otherRequest = (options?: ErrorOptions): ApiProblem =>
  new ApiProblem({ code: 'IDEMPOTENCY_CONFLICT', path: 'idempotencyKey', message: 'this idempotency key was used for another request', nextAction: 'use a new key for a new request' }, options);

const busy = (consortium: string, other: OperationRow | undefined, nextAction: string, options?: ErrorOptions): ApiProblem => {
  const named = other ? `: ${other.kind} (${other.state}), operation ${other.id}` : '';
  return new ApiProblem({ code: 'BUSY', message: `another operation is changing the consortium ${consortium}${named}`, nextAction }, options);
};

async function conflictOf(db: Database, error: unknown, consortium: string, subject?: string): Promise<unknown> {
  switch (violatedConstraint(error)) {
    case 'operations_one_at_a_time':
    case 'operations_one_for_a_subject':
      return busy(consortium, await findOpenOperation(db, consortium, subject), 'wait until it ends, or cancel it', { cause: error });
    case 'consortia_live_name':
      return new ApiProblem({ code: 'DUPLICATE', path: 'name', message: `name: the consortium name "${consortium}" is taken`, nextAction: 'choose another name' }, { cause: error });
    case 'requests_actor_idempotency_key_key':
      return otherRequest({ cause: error });
    default:
      return error;
  }
}

/** What changes everything changes what another one waits to go on with, too. */
async function refuseBesideWaiting(tx: Connection, consortium: string): Promise<void> {
  const [other] = await lockYielding(tx, consortium);
  if (other) throw busy(consortium, other, 'it waits for people: cancel it, or have them decide');
}

const digestOf = ({ kind, input }: Pick<RequestIdentity, 'kind' | 'input'>): string => specDigest({ kind, input });

const conflict = (message: string, nextAction: string): ApiProblem => new ApiProblem({ code: 'CONFLICT', message, nextAction });

export function createOperationService(db: Database, kinds: readonly Pick<OperationKind<unknown>, 'kind' | 'cancel'>[], ringSoon: () => void): OperationService {
  const repeated = async (request: RequestIdentity): Promise<OperationRow | undefined> => {
    if (request.idempotencyKey === undefined) return undefined;
    const found = await findByIdempotencyKey(db, request.actor, request.idempotencyKey);
    const isOther = found ? found.input_digest !== digestOf(request) : (await findRequest(db, request.actor, request.idempotencyKey)) !== undefined;
    if (isOther) throw otherRequest();
    return found;
  };

  const begin = async <Plan>(request: OperationRequest<Plan>): Promise<OperationRow> => {
    const { kind, consortium, actor, plan, idempotencyKey } = request;
    const identity = { ...request, kind: kind.kind };
    const subject = kind.subject?.(plan) ?? '';
    try {
      const row = await transact(db, async (tx) => {
        await request.alongside?.(tx);
        if (subject === '') await refuseBesideWaiting(tx, consortium);
        const operation = await insertOperation(tx, {
          kind: kind.kind,
          consortium,
          subject,
          actor,
          plan,
          idempotencyKey,
          inputDigest: digestOf(identity),
          steps: kind.steps(plan).map(({ name, title }) => ({ name, title })),
        });
        await recordAudit(tx, request.audit.map((record) => ({ ...record, operationId: operation.id })));
        await request.afterwards?.(tx, operation);
        return operation;
      });
      ringSoon();
      return row;
    } catch (error) {
      // Two requests with one key at the same time: the second finds the first one's row.
      const first = postgresCode(error) === '23505' ? await repeated(identity) : undefined;
      if (first) return first;
      throw await conflictOf(db, error, consortium, subject);
    }
  };

  /** Takes the key for the change, if it has one. @returns false when the change was made under it before */
  const claimKey = async (tx: Connection, action: string, { id, actor, idempotencyKey }: OperationChange): Promise<boolean> => {
    if (idempotencyKey === undefined) return true;
    const inputDigest = digestOf({ kind: action, input: { id } });
    const before = await findRequest(tx, actor, idempotencyKey);
    if (before && before.input_digest !== inputDigest) throw otherRequest();
    if (before) return false;
    if (await findByIdempotencyKey(tx, actor, idempotencyKey)) throw otherRequest();
    await insertRequest(tx, { actor, idempotencyKey, inputDigest });
    return true;
  };

  /** Locks the operation, refuses what does not suit its state, and records who did it, all in one transaction. */
  const change = async (action: string, request: OperationChange, write: (tx: Connection, operation: OperationRow) => Promise<void>): Promise<OperationRow> => {
    const { id, actor } = request;
    let consortium = '';
    try {
      await transact(db, async (tx) => {
        const operation = await lockOperation(tx, id);
        if (!operation) throw notFound('operation', 'id');
        ({ consortium } = operation);
        if (!(await claimKey(tx, action, request))) return;
        await write(tx, operation);
        await recordAudit(tx, [{ actor, action, target: consortium, operationId: id, details: { kind: operation.kind, state: operation.state } }]);
      });
    } catch (error) {
      throw await conflictOf(db, error, consortium);
    }
    ringSoon();
    const changed = await findOperation(db, id);
    if (!changed) throw notFound('operation', 'id');
    return changed;
  };

  /**
   * What a later operation has written must not be overwritten or taken away in the name of an earlier one. While that is open nothing has
   * changed the same.
   */
  const refuseSuperseded = async (tx: Connection, operation: OperationRow): Promise<void> => {
    if (!hasEnded(operation)) return;
    const successor = await findSuccessor(tx, operation);
    if (successor) {
      throw conflict(`a later operation, ${successor.kind} (${successor.state}), has changed the same since`, `look at the operation ${successor.id}, and begin a new one for what is still wanted`);
    }
  };

  return {
    begin,
    once: async (request, judge) => {
      const before = await repeated(request);
      if (before) return before;
      try {
        return { judged: await judge() };
      } catch (error) {
        const meanwhile = error instanceof ApiProblem ? await repeated(request) : undefined;
        if (meanwhile) return meanwhile;
        throw error;
      }
    },
    retry: (request) =>
      change('retryOperation', request, async (tx, operation) => {
        if (operation.state !== 'failed') throw conflict(`the operation is ${operation.state}, and only a failed one can be retried`, 'look at its steps; one that waits goes on by itself');
        await refuseSuperseded(tx, operation);
        await restartFailed(tx, operation.id);
      }),
    cancel: (request) =>
      change('cancelOperation', request, async (tx, operation) => {
        if (operation.state === 'cancelling') throw conflict('the operation is being cancelled already', 'wait until it is cancelled');
        if (hasEnded(operation) && operation.state !== 'failed') throw conflict(`the operation is ${operation.state}; there is nothing left to cancel`, 'begin an operation that undoes it');
        if (kinds.find((kind) => kind.kind === operation.kind)?.cancel === undefined) {
          throw conflict(`${operation.kind} cannot be taken back: stopping half-way would leave something that neither works nor is gone`, 'let it end; it goes on by itself after any interruption');
        }
        await refuseSuperseded(tx, operation);
        await requestCancel(tx, operation.id);
      }),
  };
}
