import { createTokenLookup } from './access/access.ts';
import { createApi } from './api/api.ts';
import { createContext } from './api/context.ts';
import { unavailable } from './api/failure.ts';
import { createHandler, type HttpOptions } from './api/http.ts';
import { createInProcessClient } from './client.ts';
import { systemPrincipal, type Clock, type Cluster, type Ids, type Principal, type WorkloadPorts } from './cluster.ts';
import { createStore } from './store/create-store.ts';
import type { Store } from './store/store.ts';

export interface ClusterOptions {
  store: Store;
  /** Who may come over HTTP, with the bearer token of each. */
  principals: readonly (Principal & { token: string })[];
  clock: Clock;
  ids: Ids;
  ports: WorkloadPorts;
  http?: HttpOptions;
}

/** Namespaces that every Kubernetes has. */
const namespacesAtFirst = ['default', 'kube-system'];

/** The API server: over HTTP for everybody who has a token, in process for whoever composes it. */
export async function createCluster({ principals, http, ...options }: ClusterOptions): Promise<Cluster> {
  const context = createContext(options);
  const api = createApi(context);
  const connect: Cluster['connect'] = (principal, { fieldManager = principal.name } = {}) => createInProcessClient(api, principal, fieldManager);
  const system = connect(systemPrincipal);
  const namespace = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };
  for (const name of namespacesAtFirst) {
    if (!(await system.get(namespace, { name }))) await system.create(namespace, { metadata: { name } });
  }
  return { handle: createHandler(api, createTokenLookup(principals), http), connect };
}

/** Names and times that are the same in every run. */
function predictable(): { clock: Clock; ids: Ids } {
  let count = 0;
  const begin = Date.UTC(2026, 0, 1);
  return {
    clock: { now: () => begin + count * 1000 },
    ids: {
      uid: () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`,
      suffix: () => (count += 1).toString(36).padStart(5, '0'),
    },
  };
}

/** Addresses by counting; no pod runs, so none has a log. */
export const noWorkloads: WorkloadPorts = {
  allocateClusterIP(_service, used) {
    for (let last = 1; last < 65_535; last += 1) {
      const address = `10.96.${Math.floor(last / 256)}.${last % 256}`;
      if (!used.has(address)) return address;
    }
    throw unavailable('no address of 10.96.0.0/16 is free', 60);
  },
  // eslint-disable-next-line require-yield
  async *podLog({ namespace, name }) {
    throw new Error(`no pod runs in a cluster without workloads, ${namespace}/${name} has no log`);
  },
};

/**
 * A cluster of this process alone, for tests: objects in memory, no timers, and the same answers to the same calls in every
 * run unless a clock or ids are given. Pods do not run.
 */
export async function createInMemoryCluster(options: Partial<ClusterOptions> = {}): Promise<Cluster & { store: Store }> {
  const store = options.store ?? createStore();
  const cluster = await createCluster({ principals: [], ports: noWorkloads, ...predictable(), ...options, store });
  return { ...cluster, store };
}
