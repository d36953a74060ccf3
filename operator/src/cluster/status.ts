import { isDeepStrictEqual } from 'node:util';
import { requeue, type Clock, type KubernetesClient, type KubernetesObject, type Notice, type ObjectMeta, type ResourceType, type Result } from '@guildhall/kubernetes';
import { canonicalJson, type Condition, type GuildhallObject, type Reason } from '@guildhall/resources';
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

/** Which conditions hold, without their words. That something is being reconciled is what everybody expects of what is not ready. */
const standing = (status: Base): string[] => (status.conditions ?? []).filter(({ type, status: holds }) => holds === 'True' && type !== 'Reconciling').map(({ type }) => type);

/** Events for what a person should know: that something is stalled or degraded, and that it no longer is. */
function noticesOf(before: readonly Condition[] | undefined, after: readonly Condition[]): Notice<Reason>[] {
  return (['Stalled', 'Degraded'] as const).flatMap((type): Notice<Reason>[] => {
    const [was, is] = [before, after].map((conditions) => conditions?.find((condition) => condition.type === type));
    if (is !== undefined && was?.reason !== is.reason) return [{ type: 'Warning', reason: is.reason, action: 'Reconcile', note: is.message }];
    const ready = after.find((condition) => condition.type === 'Ready');
    return was !== undefined && is === undefined && ready?.status === 'True' ? [{ type: 'Normal', reason: 'Ready', action: 'Reconcile', note: ready.message }] : [];
  });
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
