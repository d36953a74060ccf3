import { createHash } from 'node:crypto';
import { persistentVolumeClaims, pods, revisionLabel, services, statefulSets, timestamp, type Clock, type KubernetesClient, type StatefulSet } from '@guildhall/kubernetes';
import { labels } from '@guildhall/resources';
import type { FabricModel } from '../../src/testing/fabric-model.ts';

/** Runs each StatefulSet's one pod at the address of its Service, as the local cluster does; what runs in it is the model. */
export interface ModelKubelet {
  follow(signal: AbortSignal): Promise<void>;
  /** Ends a pod's process and starts it again, as after a crash. */
  restart(namespace: string, name: string): Promise<void>;
}

/** `violations`: told when an orderer's pod is replaced while another orderer has just been. */
export function createModelKubelet(client: KubernetesClient, fabric: FabricModel, clock: Clock, violations: string[]): ModelKubelet {
  /** By pod: which template runs, and where. */
  const running = new Map<string, { template: string; host: string; restarts: number; startedAt: string }>();
  /** The orderer's pod that was replaced last. */
  let replaced: { key: string; at: number } | undefined;

  /** Times of pods have no fractions of a second, so the operator may wait for one second less than it means to. */
  function watchTurns(key: string): void {
    const at = clock.monotonic();
    if (replaced !== undefined && replaced.key !== key && at - replaced.at < 2_000) violations.push(`${key} was replaced ${Math.round(at - replaced.at)} ms after ${replaced.key}`);
    replaced = { key, at };
  }

  async function start(set: StatefulSet): Promise<void> {
    const { name, namespace = '' } = set.metadata;
    const key = `${namespace}/${name}`;
    const template = JSON.stringify(set.spec.template);
    const revision = createHash('sha256').update(template).digest('hex').slice(0, 10);
    await client.applyStatus(statefulSets, { metadata: { namespace, name }, status: { observedGeneration: set.metadata.generation, updateRevision: revision, replicas: 1 } }, { force: true });
    if (running.get(key)?.template === template) return;
    const service = await client.get(services, { namespace, name });
    const host = service?.spec.clusterIP ?? '';
    const isNew = !running.has(key);
    if (!isNew && set.metadata.labels?.[labels.component] === 'orderer') watchTurns(key);
    running.set(key, { template, host, restarts: 0, startedAt: isNew ? '2026-01-01T00:00:00Z' : timestamp(clock.now()) });
    await client.delete(pods, { namespace, name: `${name}-0` });
    await bindClaims(set);
    const claimed = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => ({ name: metadata.name, persistentVolumeClaim: { claimName: `${metadata.name}-${name}-0` } }));
    const spec = { ...set.spec.template.spec, volumes: [...(set.spec.template.spec.volumes ?? []), ...claimed] };
    const { labels: own, ...metadata } = set.spec.template.metadata ?? {};
    await client.create(pods, { metadata: { ...metadata, labels: { ...own, [revisionLabel]: revision }, namespace, name: `${name}-0` }, spec });
    await report(namespace, name);
    startProcess(set, host);
  }

  async function bindClaims({ metadata: { name, namespace = '' }, spec: { volumeClaimTemplates = [] } }: StatefulSet): Promise<void> {
    for (const { metadata, spec } of volumeClaimTemplates) {
      const claim = { namespace, name: `${metadata.name}-${name}-0` };
      if ((await client.get(persistentVolumeClaims, claim)) !== undefined) continue;
      await client.create(persistentVolumeClaims, { metadata: { ...claim, ...(metadata.labels ? { labels: metadata.labels } : {}) }, spec });
      await client.applyStatus(persistentVolumeClaims, { metadata: claim, status: { phase: 'Bound' } });
    }
  }

  async function report(namespace: string, name: string): Promise<void> {
    const { host = '', restarts = 0, startedAt } = running.get(`${namespace}/${name}`) ?? {};
    const status = {
      phase: 'Running',
      podIP: host,
      containerStatuses: [{ name: 'main', ready: true, restartCount: restarts, image: 'model', imageID: 'model', state: { running: startedAt === undefined ? {} : { startedAt } } }],
    };
    await client.applyStatus(pods, { metadata: { namespace, name: `${name}-0` }, status }, { force: true });
  }

  function startProcess(set: StatefulSet, host: string): void {
    const environment = new Map(set.spec.template.spec.containers[0]?.env?.map(({ name, value }) => [name, value ?? '']));
    const digest = environment.get('GUILDHALL_ARTIFACT_DIGEST');
    const orderer = environment.get('ORDERER_GENERAL_LOCALMSPID');
    const peer = environment.get('CORE_PEER_LOCALMSPID');
    if (digest !== undefined) fabric.startInstance(host, { artifactDigest: digest, packageId: environment.get('GUILDHALL_PACKAGE_ID') ?? '' });
    else if (environment.has('CHAINCODE_ID')) fabric.startInstance(host, { artifactDigest: '', packageId: environment.get('CHAINCODE_ID') ?? '' });
    else fabric.startNode(host, orderer === undefined ? { role: 'peer', mspId: peer ?? '' } : { role: 'orderer', mspId: orderer });
  }

  async function stop(set: StatefulSet): Promise<void> {
    const { name, namespace = '' } = set.metadata;
    const known = running.get(`${namespace}/${name}`);
    if (known !== undefined) fabric.stop(known.host);
    running.delete(`${namespace}/${name}`);
    await client.delete(pods, { namespace, name: `${name}-0` });
  }

  return {
    async follow(signal) {
      const { items, resourceVersion } = await client.list(statefulSets);
      for (const set of items) await start(set);
      for await (const event of client.watch(statefulSets, { resourceVersion, signal })) {
        if (event.type === 'BOOKMARK') continue;
        await (event.type === 'DELETED' ? stop(event.object) : start(event.object));
      }
    },
    async restart(namespace, name) {
      const known = running.get(`${namespace}/${name}`);
      const set = await client.get(statefulSets, { namespace, name });
      if (known === undefined || set === undefined) throw new Error(`no pod ${name} runs`);
      fabric.stop(known.host);
      known.restarts += 1;
      await report(namespace, name);
      startProcess(set, known.host);
    },
  };
}
