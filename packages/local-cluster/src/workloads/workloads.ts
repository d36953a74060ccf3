import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  configMaps, createEventRecorder, createInformer, createManager, persistentVolumeClaims, pods as podType, refOf, secrets, services, sleep, statefulSets,
  type Clock, type KubernetesObject, type Logger, type Pod, type ResourceType,
} from '@guildhall/kubernetes';
import { badRequest, unavailable } from '../api/failure.ts';
import type { ClusterClient, PodLogRequest, WorkloadPorts } from '../cluster.ts';
import { LocalClusterError } from '../errors.ts';
import type { ClusterIdentity } from './addresses/network.ts';
import { createAddressPool, type AddressPool } from './addresses/pool.ts';
import { claimFolder, createClaimController } from './controllers/claim-controller.ts';
import { createStatefulSetController } from './controllers/stateful-set-controller.ts';
import { createKubelet, type Kubelet } from './pods/kubelet.ts';
import type { FindProgram } from './pods/programs.ts';
import type { LogLimits } from './process/container-log.ts';

export interface WorkloadsOptions {
  /** Folder that holds pods' files, logs and the data of claims; closed to other users. */
  readonly home: string;
  readonly identity: ClusterIdentity;
  readonly findProgram: FindProgram;
  /** PATH in which programs are found that are given without one. */
  readonly searchPath: string;
  readonly logLimits: LogLimits;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Everything that makes objects run: StatefulSets, claims, pods as processes. */
export interface Workloads {
  /** For the API server. */
  readonly ports: WorkloadPorts;
  /** Adopts the pods that run and begins to work. Resolves when every pod is in somebody's hands; called once. */
  start(client: ClusterClient): Promise<void>;
  /** Ends all pods' processes, then itself; the next start brings them back. */
  stop(): Promise<void>;
  /** Ends itself and lets the processes run; the next start adopts them. */
  leave(): Promise<void>;
}

/** The one node of the cluster. */
export const nodeName = 'local';

/** At the end what is still to be told is worth this much waiting; a database that hangs would make it long. */
const lastEventsMs = 2_000;

/** Each new pod has its events, and they are in no hurry. */
const eventPauseMs = 100;

/** Connections inside this process do not fall silent unnoticed, and send no bookmarks. */
const neverSilent = { silenceMs: Number.MAX_SAFE_INTEGER };

export function createWorkloads(options: WorkloadsOptions): Workloads {
  const { home, clock, logger } = options;
  const pool = createAddressPool(options.identity.network);
  const running = new AbortController();
  const following = new AbortController();
  let kubelet: Kubelet | undefined;
  let controllersEnded: Promise<void> = Promise.resolve();
  let flushEvents = (): Promise<void> => Promise.resolve();

  async function start(client: ClusterClient): Promise<void> {
    const inform = <T extends KubernetesObject>(type: ResourceType<T>) => createInformer(client, type, { ...neverSilent, clock, logger });
    const informers = {
      pods: inform(podType),
      sets: inform(statefulSets),
      claims: inform(persistentVolumeClaims),
      services: inform(services),
      secrets: inform(secrets),
      configMaps: inform(configMaps),
    };
    const { pods, sets, claims } = informers;
    for (const informer of Object.values(informers)) informer.start(following.signal);
    await Promise.all(Object.values(informers).map((informer) => informer.waitForSync(running.signal)));

    const events = createEventRecorder(client, 'local-cluster', { clock, logger, pauseMs: eventPauseMs });
    flushEvents = () => events.flush().finally(() => events.close());
    const claimsFolder = makeFolder(home, 'claims');
    const addressOf = addresses(pool, () => pods.list(), (namespace, name) => informers.services.get(namespace, name)?.spec.clusterIP);
    kubelet = createKubelet({
      pods,
      referredTo: [informers.services, claims, informers.secrets, informers.configMaps],
      clusterId: options.identity.id,
      podsFolder: makeFolder(home, 'pods'),
      logLimits: options.logLimits,
      nodeName,
      lookups: {
        secret: (namespace, name) => informers.secrets.get(namespace, name),
        configMap: (namespace, name) => informers.configMaps.get(namespace, name),
      },
      findProgram: options.findProgram,
      searchPath: options.searchPath,
      addressOf,
      claimFolder(namespace, name) {
        const claim = claims.get(namespace, name);
        return claim?.status?.phase === 'Bound' ? claimFolder(claimsFolder, claim) : undefined;
      },
      writeStatus: (pod, status) => client.mergePatch(podType, refOf(pod), { metadata: { uid: pod.metadata.uid }, status }, { subresource: 'status' }),
      forget: (pod) => client.delete(podType, refOf(pod), { uid: pod.metadata.uid ?? '', gracePeriodSeconds: 0 }),
      recordEvent: (pod, { type, reason, message }) => events.record(pod, { type, reason, action: 'RunPod', note: message }),
      clock,
      logger,
    });
    kubelet.start();
    const manager = createManager({
      controllers: [
        createStatefulSetController({ client, sets, pods, claims, nodeName, events, clock, logger }),
        createClaimController({ client, claims, pods, claimsFolder, events, clock, logger }),
      ],
      clock,
      logger,
    });
    controllersEnded = manager.run(running.signal).catch((error: unknown) => logger.error({ err: error }, 'the controllers have stopped: this is a bug'));
  }

  async function end(endPods: (kubelet: Kubelet) => Promise<void>): Promise<void> {
    running.abort();
    await controllersEnded;
    if (kubelet !== undefined) await endPods(kubelet);
    await Promise.race([flushEvents(), sleep(clock, lastEventsMs, following.signal)]);
    following.abort();
  }

  return {
    ports: {
      allocateClusterIP: (_service, used) => orUnavailable(() => pool.forService(used)),
      podLog({ namespace, name, container, ...how }: PodLogRequest) {
        const log = kubelet?.log(namespace, name, container);
        if (how.previous && log?.hasPrevious() !== true) throw badRequest(`previous terminated container ${JSON.stringify(container ?? '')} in pod ${JSON.stringify(name)} not found`);
        return log?.read(how) ?? nothing();
      },
    },
    start,
    stop: () => end((it) => it.stop()),
    leave: () => end((it) => it.leave()),
  };
}

/** Of a pod that has not begun. */
async function* nothing(): AsyncGenerator<Uint8Array> {}

/** A pod has the address of its Service, or, when it has none, one of its own; either way for as long as it exists. */
function addresses(
  pool: AddressPool,
  listPods: () => Pod[],
  addressOfService: (namespace: string, name: string) => string | undefined,
): (pod: Pod) => string | undefined {
  /** Given, and perhaps not written into the pod's status yet. By the pod's uid. */
  const given = new Map<string, string>();
  return ({ metadata, spec, status }) => {
    const uid = metadata.uid ?? '';
    const known = status?.podIP ?? given.get(uid);
    if (known !== undefined) return known;
    if (spec.subdomain !== undefined) {
      const address = addressOfService(metadata.namespace ?? '', spec.subdomain);
      if (address !== 'None') return address;
    }
    const all = listPods();
    const existing = new Set(all.map((it) => it.metadata.uid));
    for (const old of given.keys()) if (!existing.has(old) && old !== uid) given.delete(old);
    const own = pool.forPod(new Set([...all.flatMap((it) => it.status?.podIP ?? []), ...given.values()]));
    given.set(uid, own);
    return own;
  };
}

function orUnavailable<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof LocalClusterError)) throw error;
    throw unavailable(`${error.message}: ${error.nextAction}`, 60);
  }
}

function makeFolder(home: string, name: string): string {
  const folder = join(home, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
