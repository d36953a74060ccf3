import { isDeepStrictEqual } from 'node:util';
import { requeue, type Clock, type KubernetesClient, type KubernetesObject, type Notice, type ObjectMeta, type ResourceType, type Result } from '@guildhall/kubernetes';
import { canonicalJson, isTrouble, type Condition, type GuildhallObject, type Reason } from '@guildhall/resources';
import { conditionsOf, resultOf, type Outcome } from '../outcome.ts';

interface Base {
  conditions?: Condition[] | undefined;
  observedGeneration?: number | undefined;
}

/** What a controller found, without what every status has. Fields left undefined are not written. */
export type Findings<Status extends Base> = Omit<Status, keyof Base>;

export interface StatusUpdate<Status extends Base> {
  outcome: Outcome;
  /** Left out: what was found before still holds. */
  findings?: Findings<Status>;
  /** Fields that belong to others. */
  foreign?: readonly (keyof Status & string)[];
  /** What others wait for, taken from a status. A change in it is written at once, as is one of being ready, stalled or degraded. */
  urgent?: (status: Status) => unknown;
}

export interface StatusWriter {
  /** Writes what differs from the cached object; gives what the reconcile ends with. */
  write<Spec, Status extends Base>(type: ResourceType<GuildhallObject<Spec, Status>>, object: GuildhallObject<Spec, Status>, update: StatusUpdate<Status>): Promise<Result>;
}

/** While much happens at once, each state of each object is not worth a write. */
const patienceMs = 250;
const remembered = 1000;

export function createStatusWriter(client: Pick<KubernetesClient, 'applyStatus'>, clock: Clock, tell: (object: KubernetesObject, notice: Notice<Reason>) => void): StatusWriter {
  /** When each object's status was written last, or first found to differ. */
  const since = new Map<string, number>();

  function patience(uid: string): number {
    const now = clock.monotonic();
    const last = since.get(uid) ?? now;
    if (!since.has(uid)) {
      if (since.size > remembered) for (const [key, at] of since) if (now - at > patienceMs) since.delete(key);
      since.set(uid, now);
    }
    return patienceMs - (now - last);
  }

  return {
    async write(type, object, { outcome, findings = withoutBase(object.status), foreign = [], urgent = () => undefined }) {
      const { generation, uid = '' } = object.metadata;
      const others = new Set<string>(foreign);
      const previous = Object.fromEntries(Object.entries(object.status ?? {}).filter(([field]) => !others.has(field)));
      const conditions = conditionsOf(outcome, object.status?.conditions, { generation, now: clock.now() });
      const status = withoutUndefined({ ...findings, conditions, observedGeneration: generation });
      const result = resultOf(outcome);
      if (isDeepStrictEqual(previous, status) || comparable(previous) === comparable(status)) return result;
      const essence = (of: object): string => JSON.stringify([standing(of), urgent(of as Parameters<typeof urgent>[0])]);
      const wait = essence(previous) === essence(status) ? patience(uid) : 0;
      if (wait > 0) return result.kind === 'requeue' && result.afterMs < wait ? result : requeue(wait, 'Progressing');
      await client.applyStatus(type, { metadata: identityOf(object.metadata), status }, { force: true });
      since.set(uid, clock.monotonic());
      for (const notice of noticesOf(object.status?.conditions, conditions)) tell(object, notice);
      return result;
    },
  };
}

/** Which conditions hold, and what is wrong, without words. That something is being reconciled is what everybody expects of what is not ready. */
const standing = (status: Base): string[] =>
  (status.conditions ?? []).flatMap(({ type, status: holds, reason }) => (isTrouble(reason) ? [`${type} ${reason}`] : holds === 'True' && type !== 'Reconciling' ? [type] : []));

/**
 * Events for what a person should know: that something is wrong and that it no longer is, that an object has become ready and that it is not any more. What is only
 * on its way is told by its conditions.
 */
function noticesOf(before: readonly Condition[] | undefined, after: readonly Condition[]): Notice<Reason>[] {
  const change = (of: Condition['type']): (Condition | undefined)[] => [before, after].map((conditions) => conditions?.find(({ type }) => type === of));
  const problems = [change('Stalled'), change('Degraded')];
  const notice = ({ reason, message }: Condition, type: Notice['type']): Notice<Reason> => ({ type, reason, action: 'Reconcile', note: message });
  const warnings = problems.flatMap(([was, is]) => (is !== undefined && was?.reason !== is.reason ? [notice(is, 'Warning')] : []));
  const [was, is] = change('Ready');
  if (is === undefined) return warnings;
  if (is.status === 'True') {
    const isNews = was?.status !== 'True' || problems.some(([former, now]) => former !== undefined && now === undefined);
    return isNews ? [...warnings, notice(is, 'Normal')] : warnings;
  }
  const isNews = was?.status === 'True' || (isTrouble(is.reason) && was?.reason !== is.reason);
  return isNews && !warnings.some(({ reason }) => reason === is.reason) ? [...warnings, notice(is, isTrouble(is.reason) ? 'Warning' : 'Normal')] : warnings;
}

function withoutBase<Status extends Base>(status: Status | undefined): Findings<Status> {
  const { conditions: _, observedGeneration: __, ...findings } = status ?? ({} as Status);
  return findings;
}

const withoutUndefined = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Items of a keyed list may come back in another order. */
const unordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(unordered).toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unordered(item)]));
};
const comparable = (value: object): string => canonicalJson(unordered(value));

/** The uid is a precondition: an object that was deleted and made again meanwhile is not touched. */
const identityOf = ({ name, namespace, uid }: ObjectMeta): ObjectMeta => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
  ...(uid === undefined ? {} : { uid }),
});
