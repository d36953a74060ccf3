import {
  createController, done, isAlreadyExists, keyOf, persistentVolumeClaims, pods as podType, refOf, requeue, statefulSets,
  type Clock, type Controller, type EventRecorder, type Informer, type KubernetesClient, type Logger, type PersistentVolumeClaim, type Pod, type Ref, type Result, type StatefulSet,
} from '@guildhall/kubernetes';
import { decide, podName, statusOf, type StatefulSetObservation, type StatefulSetStep } from './stateful-set.ts';

export interface StatefulSetControllerOptions {
  readonly client: KubernetesClient;
  readonly sets: Informer<StatefulSet>;
  readonly pods: Informer<Pod>;
  readonly claims: Informer<PersistentVolumeClaim>;
  readonly nodeName: string;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly logger: Logger;
}

const statusPatienceMs = 250;

/** Keeps the one pod of each StatefulSet as its template says. */
export function createStatefulSetController(options: StatefulSetControllerOptions): Controller {
  const { client, sets, pods, claims, events, clock } = options;

  async function take(step: StatefulSetStep, set: StatefulSet): Promise<void> {
    switch (step.kind) {
      case 'create-claim':
        return ignoreExisting(client.create(persistentVolumeClaims, step.claim));
      case 'create-pod':
        return ignoreExisting(client.create(podType, step.pod));
      case 'delete-pod':
        return client.delete(podType, refOf(step.pod), { uid: step.pod.metadata.uid });
      case 'wait':
        if (step.warning !== undefined) events.record(set, { type: 'Warning', reason: 'FailedCreate', action: 'CreatePod', note: step.warning });
        return undefined;
      case 'rest':
        return undefined;
    }
  }

  /** Since when the status of a set is not what it should be. */
  const staleSince = new Map<string, number>();

  /** A pod that begins changes the counts several times within moments, which nobody waits for: they are written together. */
  async function writeStatus(observed: StatefulSetObservation): Promise<Result> {
    const { set } = observed;
    const key = keyOf(refOf(set));
    const status = statusOf(observed);
    const changed = Object.entries(status).some(([field, value]) => Object.entries(set.status ?? {}).find(([name]) => name === field)?.[1] !== value);
    if (!changed) {
      staleSince.delete(key);
      return done;
    }
    const now = clock.monotonic();
    const since = staleSince.get(key) ?? now;
    staleSince.set(key, since);
    if (now - since < statusPatienceMs) return requeue(statusPatienceMs - (now - since), 'StatusDue');
    await client.mergePatch(statefulSets, refOf(set), { metadata: { uid: set.metadata.uid }, status }, { subresource: 'status' });
    staleSince.delete(key);
    return done;
  }

  return createController<StatefulSet, [Pod, PersistentVolumeClaim]>({
    name: 'statefulsets',
    type: statefulSets,
    informer: sets,
    watches: [
      { informer: pods, map: setOf },
      { informer: claims, map: ({ metadata }) => sets.list(metadata.namespace).map(refOf) },
    ],
    clock,
    logger: options.logger,
    async reconcile(ref) {
      const { namespace, name } = ref;
      const set = sets.get(namespace, name);
      if (set === undefined) {
        staleSince.delete(keyOf(ref));
        return done;
      }
      let observed: StatefulSetObservation = {
        set,
        pod: pods.get(namespace, podName(set)),
        claims: new Set(claims.list(namespace).map((it) => it.metadata.name)),
      };
      let step = decide(observed, options.nodeName);
      await take(step, set);
      // As on Kubernetes, the pod does not wait until its claims are seen.
      while (step.kind === 'create-claim') {
        observed = { ...observed, claims: new Set([...observed.claims, step.claim.metadata.name]) };
        step = decide(observed, options.nodeName);
        await take(step, set);
      }
      return writeStatus(observed);
    },
  });
}

/** By name rather than by owner: a pod that is in the way of a StatefulSet concerns it too. */
function setOf({ metadata }: Pod): Ref[] {
  const [, name] = /^(.+)-0$/.exec(metadata.name) ?? [];
  return name === undefined ? [] : [{ ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }), name }];
}

/** The cache was behind: what should be made was there already. */
async function ignoreExisting(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}
