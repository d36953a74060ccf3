import { isInvalid, keyOf, requeue, type Informer, type Ref, type ReconcileContext, type ResourceType, type Result } from '@guildhall/kubernetes';
import type { Condition, GuildhallObject } from '@guildhall/resources';
import { waiting, type Outcome, type Problem } from '../outcome.ts';
import { clusterProblem } from './cluster-problem.ts';
import type { Definitions } from './definitions.ts';
import type { StatusWriter } from './status.ts';

type Reconcile = (ref: Ref, context: ReconcileContext) => Promise<Result>;

export interface TellingStatuses extends StatusWriter {
  /** A pass to which the cluster refuses something says so in the object's status, and is repeated soon: that the cause is gone shows nowhere else. */
  telling<Spec, Status extends { conditions?: Condition[] | undefined; observedGeneration?: number | undefined }>(
    type: ResourceType<GuildhallObject<Spec, Status>>,
    informer: Pick<Informer<GuildhallObject<Spec, Status>>, 'get'>,
    reconcile: Reconcile,
  ): Reconcile;
}

const againMs = 5_000;

/**
 * Of an object whose last pass was refused something nothing better is said until a pass gets through: one part of a pass may end well before another fails. That the
 * kind's definition is older than this program stands beside whatever is found.
 */
export function createTellingStatuses(writer: StatusWriter, definitions: Pick<Definitions, 'problem'>): TellingStatuses {
  const refused = new Map<string, Problem>();
  const key = ({ kind }: { kind: string }, ref: Ref): string => `${kind} ${keyOf(ref)}`;
  const standing = (type: { kind: string }, object: Ref, found: Outcome): Outcome => {
    if (found.kind === 'stalled') return found;
    const problem = refused.get(key(type, object));
    const degraded = found.degraded ?? definitions.problem(type.kind);
    return { ...(problem === undefined ? found : waiting(problem.reason, problem.message, againMs)), ...(degraded ? { degraded } : {}) };
  };

  const written: StatusWriter['write'] = (type, object, update) =>
    writer.write(type, object, update).catch((error: unknown) => {
      const { outcome } = update;
      if (!isInvalid(error) || outcome.kind !== 'waiting' || outcome.reason === 'Failed') throw error;
      // A definition of the kind that is older than this program does not know every reason.
      return writer.write(type, object, { ...update, outcome: { ...outcome, reason: 'Failed' } });
    });

  return {
    write: (type, object, update) => written(type, object, { ...update, outcome: standing(type, object.metadata, update.outcome) }),
    telling: (type, informer, reconcile) => async (ref, context) => {
      try {
        const result = await reconcile(ref, context);
        return refused.delete(key(type, ref)) ? requeue(0, 'Progressing') : result;
      } catch (error) {
        const problem = clusterProblem(error);
        const object = informer.get(ref.namespace, ref.name);
        if (problem === undefined || object === undefined) throw error;
        if (refused.get(key(type, ref))?.message !== problem.message) context.logger.warn({ err: error, reason: problem.reason }, 'the cluster refuses something');
        refused.set(key(type, ref), problem);
        return written(type, object, { outcome: waiting(problem.reason, problem.message, againMs) }).catch((unwritten: unknown) => {
          if (clusterProblem(unwritten) === undefined) throw unwritten;
          context.logger.warn({ err: unwritten }, 'its status cannot be written either');
          return requeue(againMs, problem.reason);
        });
      }
    },
  };
}
