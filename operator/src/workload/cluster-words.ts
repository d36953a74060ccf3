import { events, keyOf, type Clock, type Event, type KubernetesClient, type Logger, type PersistentVolumeClaim, type Pod, type StatefulSet } from '@guildhall/kubernetes';

/** What the cluster's own controllers said last of something that does not come. */
export interface ClusterWord {
  text: string;
  /** Otherwise it only says what is waited for. */
  warns: boolean;
}

export interface Workload {
  set: StatefulSet | undefined;
  pod: Pod | undefined;
  claim?: PersistentVolumeClaim | undefined;
}

export interface ClusterWords {
  /** Of what stands in the way of the pod; undefined while it is not late yet, or when nothing is said. */
  of(workload: Workload): Promise<ClusterWord | undefined>;
}

type Subject = StatefulSet | Pod | PersistentVolumeClaim;

/** What is missing first: the pod, its volume, or its start. */
export function subjectOf({ set, pod, claim }: Workload): Subject | undefined {
  if (pod === undefined) return set;
  if (pod.metadata.deletionTimestamp !== undefined || pod.status?.phase !== 'Pending') return undefined;
  return claim !== undefined && claim.status?.phase !== 'Bound' ? claim : pod;
}

/** Said of everything that goes well. That an image is being pulled may be all that is said for minutes, where a registry is silent. */
const ordinary = new Set(['WaitForFirstConsumer', 'WaitForPodScheduled', 'Provisioning', 'ProvisioningSucceeded', 'SuccessfulCreate', 'Scheduled', 'Pulled', 'Created', 'Started']);

export function lastWord(said: readonly Event[]): ClusterWord | undefined {
  const at = ({ series, deprecatedLastTimestamp, eventTime, metadata }: Event): number => Date.parse(series?.lastObservedTime ?? deprecatedLastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '');
  const warns = ({ type, reason }: Event): boolean => type === 'Warning' || reason === 'FailedBinding';
  // Most are told to the second.
  const last = said.toSorted((a, b) => at(b) - at(a) || Number(warns(b)) - Number(warns(a)))[0];
  return last === undefined || ordinary.has(last.reason) ? undefined : { text: last.note ?? last.reason, warns: warns(last) };
}

const lateAfterMs = 3_000;
const memoryMs = 2_000;

/** Events are asked for only of what is late, in its own namespace: nobody else's are seen. */
export function createClusterWords(client: Pick<KubernetesClient, 'list'>, clock: Clock, logger: Logger): ClusterWords {
  const known = new Map<string, { at: number; word: Promise<ClusterWord | undefined> }>();

  /** Nothing depends on an explanation: without it, the rest goes on. */
  async function ask({ kind, metadata }: Subject): Promise<ClusterWord | undefined> {
    try {
      const { items } = await client.list(events, { namespace: metadata.namespace, fieldSelector: `regarding.uid=${metadata.uid ?? ''}` });
      return lastWord(items);
    } catch (error) {
      logger.warn({ err: error, object: `${kind} ${keyOf(metadata)}` }, 'what the cluster says of it cannot be read');
      return undefined;
    }
  }

  return {
    async of(workload) {
      const subject = subjectOf(workload);
      if (subject === undefined || clock.now() - Date.parse(subject.metadata.creationTimestamp ?? '') < lateAfterMs) return undefined;
      const now = clock.monotonic();
      for (const [uid, { at }] of known) if (now - at >= memoryMs) known.delete(uid);
      const uid = subject.metadata.uid ?? '';
      const { word } = known.get(uid) ?? { word: ask(subject) };
      if (!known.has(uid)) known.set(uid, { at: now, word });
      return word;
    },
  };
}
