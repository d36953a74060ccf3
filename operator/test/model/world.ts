import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { certificateRequest, componentRoles, consortium, crd, fieldManagers, kinds, rulesWithNamespaces, type CertificateRequest } from '@guildhall/resources';
import { configMaps, customResourceDefinitions, secrets, type Clock, type ConfigMap, type CustomResourceDefinition, type KubernetesClient, type KubernetesObject, type Logger, type ResourceType, type Secret } from '@guildhall/kubernetes';
import { createInMemoryCluster, noWorkloads, systemPrincipal } from '@guildhall/local-cluster';
import { createOperator, defaultImages } from '../../src/index.ts';
import { isReady } from '../../src/outcome.ts';
import { createFabricModel, type FabricModel } from '../../src/testing/index.ts';
import { followAsAuthority } from './certificate-authority.ts';
import { createFastClock } from './fast-clock.ts';
import { createModelKubelet, type ModelKubelet } from './kubelet.ts';
import { createLife, type Faults, type Life } from './mortal.ts';

/** A cluster in memory, with models of all that the operator does not do itself. */
export interface ModelWorld {
  /** With all rights. */
  client: KubernetesClient;
  fabric: FabricModel;
  kubelet: ModelKubelet;
  /** Profiles of certificates and purposes of signatures that are refused from now on. */
  refused: Set<string>;
  /** What must never happen, as it happened. */
  violations: string[];
  /** Begins a life of the operator; `stop` is a clean end of it. */
  begin(faults?: Partial<Faults>): Life & { stop(): Promise<void> };
  /** Waits until something holds; says what stands in the way when that does not come. */
  until(what: string, holds: () => Promise<boolean>): Promise<void>;
  /** Waits until the consortium, and so all that belongs to it, is ready. */
  untilReady(name: string): Promise<void>;
  /** What is not ready, object by object. */
  notReady(): Promise<string>;
  /** Waits until a life has written nothing for a while. */
  untilQuiet(life: Life): Promise<void>;
  end(): Promise<void>;
}

const speed = 20;
/**
 * Together longer than any pause of the operator between two looks at something that changes, on the fast clock; many short ones, because a
 * busy machine lets little happen in one long one.
 */
const quiet = { turns: 40, turnMs: 6 };
const patienceMs = 60_000;
const operatorRules = rulesWithNamespaces(componentRoles.operator);

/** `clock`: of the cluster and of all lives of the operator; by default one on which pauses are short. */
export async function createModelWorld({ logger, clock = createFastClock(speed) }: { logger?: Logger; clock?: Clock } = {}): Promise<ModelWorld> {
  const ids = { uid: () => randomUUID(), suffix: () => randomUUID().slice(0, 5) };
  const cluster = await createInMemoryCluster({ clock, ids, ports: noWorkloads });
  const client = cluster.connect(systemPrincipal, { fieldManager: 'world' });
  for (const kind of kinds) await client.apply(customResourceDefinitions, crd(kind) as unknown as CustomResourceDefinition, { force: true });
  const ended = new AbortController();
  const fabric = createFabricModel();
  const violations: string[] = [];
  const kubelet = createModelKubelet(client, fabric, clock, violations);
  const refused = new Set<string>();
  const background = [kubelet.follow(ended.signal), followAsAuthority(client, clock, refused, ended.signal), ...guard(client, violations, ended.signal)];
  const broken = Promise.race(background.map((each) => each.then(() => new Promise<never>(() => undefined))));
  broken.catch((error: unknown) => {
    if (!ended.signal.aborted) violations.push(`the world broke: ${String(error)}`);
  });
  const stops: (() => Promise<void>)[] = [];

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!(await holds())) {
      if (violations.length > 0) throw new Error(violations.join('\n'));
      if (Date.now() > deadline) throw new Error(`it does not come true that ${what}: ${await explain(client)}`);
      await delay(5);
    }
  }

  return {
    client,
    fabric,
    kubelet,
    refused,
    violations,
    begin(faults = {}) {
      const own = cluster.connect({ name: fieldManagers.operator, rules: operatorRules });
      const life = createLife(own, fabric, { random: Math.random, watchTrouble: 0, lostAnswers: 0, ...faults });
      const working = new AbortController();
      const settings = { artifactUrl: 'http://127.0.0.1:1', images: defaultImages };
      const work = createOperator({ client: life.client, settings, clock, fabric: life.fabric, ...(logger ? { logger } : {}) }).run(working.signal);
      const stop = async (): Promise<void> => {
        working.abort();
        await work;
      };
      stops.push(stop);
      return { ...life, stop };
    },
    until,
    untilReady: (name) =>
      until('all is ready', async () => {
        const found = await client.get(consortium.type, { namespace: `gh-${name}`, name });
        return found !== undefined && isReady(found);
      }),
    notReady: () => explain(client),
    async untilQuiet(life) {
      let before = life.writes.length;
      for (let turn = 0; turn < quiet.turns; turn++) {
        await delay(quiet.turnMs);
        if (life.writes.length !== before) turn = 0;
        before = life.writes.length;
      }
    },
    async end() {
      for (const stop of stops) await stop();
      ended.abort();
      await Promise.allSettled(background);
    },
  };
}

/** What stands in the way, object by object. */
async function explain(client: KubernetesClient): Promise<string> {
  const parts: string[] = [];
  for (const { type } of kinds.slice(0, 7)) {
    for (const { kind, metadata, status } of (await client.list(type)).items as (KubernetesObject & { status?: { conditions?: { type: string; status: string; message: string }[] } })[]) {
      const ready = status?.conditions?.find((condition) => condition.type === 'Ready');
      if (ready?.status !== 'True') parts.push(`${kind} ${metadata.namespace ?? ''}/${metadata.name}: ${ready?.message ?? 'no status'}`);
    }
  }
  return parts.join('\n');
}

/** Keys and first blocks are made once; a node asks for one identity only. */
function guard(client: KubernetesClient, violations: string[], signal: AbortSignal): Promise<void>[] {
  const once = async <T extends KubernetesObject>(type: ResourceType<T>, concerns: (object: T) => string | undefined): Promise<void> => {
    const seen = new Map<string, string>();
    const { resourceVersion } = await client.list(type);
    for await (const event of client.watch(type, { resourceVersion, signal })) {
      if (event.type === 'BOOKMARK') continue;
      const { namespace = '', name, ownerReferences = [] } = event.object.metadata;
      // What a Node asks for goes with it, and the next of its name asks for itself.
      const key = `${type.kind} ${namespace}/${name} ${ownerReferences.map(({ uid }) => uid).join()}`;
      const content = concerns(event.object);
      if (content === undefined) continue;
      if (seen.has(key) && seen.get(key) !== content) violations.push(`${key} was replaced`);
      seen.set(key, content);
    }
  };
  return [
    // Keys of nodes: those of a contract's instance belong to it, and no ledger knows them.
    once<Secret>(secrets, ({ metadata, data }) => (metadata.name.endsWith('-keys') && metadata.ownerReferences === undefined ? JSON.stringify(data) : undefined)),
    once<ConfigMap>(configMaps, ({ binaryData }) => (binaryData === undefined ? undefined : JSON.stringify(binaryData))),
    once<CertificateRequest>(certificateRequest.type, ({ spec }) => (spec.node === undefined ? undefined : spec.csr)),
  ];
}
