import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  createController, done, isDeleting, persistentVolumeClaims, refOf, removeFinalizer, timestamp,
  type Clock, type Controller, type EventRecorder, type Informer, type KubernetesClient, type Logger, type PersistentVolumeClaim, type Pod,
} from '@guildhall/kubernetes';
import { replaceFile } from '../files.ts';
import { storageClasses } from '../storage-classes.ts';

export interface ClaimControllerOptions {
  readonly client: KubernetesClient;
  readonly claims: Informer<PersistentVolumeClaim>;
  readonly pods: Informer<Pod>;
  /** Holds a folder per claim. */
  readonly claimsFolder: string;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** As on Kubernetes: a claim that is deleted stays until no pod uses it. */
const protection = 'kubernetes.io/pvc-protection';

/** The folder of a claim: names for people, the uid for truth. */
export function claimFolder(claimsFolder: string, { metadata }: PersistentVolumeClaim): string {
  return join(claimsFolder, `${metadata.namespace}_${metadata.name}_${metadata.uid}`);
}

/** Gives each claim a folder, and takes it away, or keeps it with a note, when the claim has gone. */
export function createClaimController(options: ClaimControllerOptions): Controller {
  const { client, claims, pods, events, clock } = options;

  async function bind(claim: PersistentVolumeClaim): Promise<void> {
    if (claim.status?.phase === 'Bound') return grow(claim);
    if (reclaimPolicy(claim) === undefined) {
      const note = `There is no storage class ${claim.spec.storageClassName}: name one of ${Object.keys(storageClasses).join(', ')}, or none`;
      events.record(claim, { type: 'Warning', reason: 'ProvisioningFailed', action: 'Bind', note });
      return;
    }
    mkdirSync(claimFolder(options.claimsFolder, claim), { recursive: true, mode: 0o700 });
    const { uid, resourceVersion, finalizers = [] } = claim.metadata;
    // The version, because the patch replaces the whole list of finalizers.
    const metadata = { uid, resourceVersion, finalizers: [...new Set([...finalizers, protection])] };
    await client.mergePatch(persistentVolumeClaims, refOf(claim), { metadata, spec: { volumeName: `pvc-${uid}` } });
    const storage = claim.spec.resources?.requests?.['storage'];
    const status = { phase: 'Bound', accessModes: claim.spec.accessModes, ...(storage === undefined ? {} : { capacity: { storage } }) };
    await client.mergePatch(persistentVolumeClaims, refOf(claim), { metadata: { uid }, status }, { subresource: 'status' });
    const note = 'The size of a volume is not enforced by the local cluster';
    events.record(claim, { type: 'Normal', reason: 'NotEnforced', action: 'Bind', note });
  }

  /** A folder has room for whatever is asked. */
  async function grow(claim: PersistentVolumeClaim): Promise<void> {
    const storage = claim.spec.resources?.requests?.['storage'];
    if (storage === undefined || storage === claim.status?.capacity?.['storage']) return;
    await client.mergePatch(persistentVolumeClaims, refOf(claim), { metadata: { uid: claim.metadata.uid }, status: { capacity: { storage } } }, { subresource: 'status' });
  }

  async function release(claim: PersistentVolumeClaim): Promise<void> {
    if (pods.list(claim.metadata.namespace).some((pod) => uses(pod, claim))) return;
    const folder = claimFolder(options.claimsFolder, claim);
    if (reclaimPolicy(claim) !== 'Retain') rmSync(folder, { recursive: true, force: true });
    else if (existsSync(folder)) {
      const { namespace, name, uid } = claim.metadata;
      replaceFile(`${folder}.retained.json`, JSON.stringify({ claim: { namespace, name, uid }, deletedAt: timestamp(clock.now()) }));
    }
    await removeFinalizer(client, persistentVolumeClaims, claim, protection);
  }

  return createController<PersistentVolumeClaim, [Pod]>({
    name: 'claims',
    type: persistentVolumeClaims,
    informer: claims,
    watches: [{ informer: pods, map: claimsOf }],
    clock,
    logger: options.logger,
    async reconcile({ namespace, name }) {
      const claim = claims.get(namespace, name);
      if (claim !== undefined) await (isDeleting(claim) ? release(claim) : bind(claim));
      return done;
    },
  });
}

function reclaimPolicy({ spec }: PersistentVolumeClaim): 'Delete' | 'Retain' | undefined {
  const name = spec.storageClassName ?? 'local';
  return Object.entries(storageClasses).find(([known]) => known === name)?.[1];
}

function claimsOf({ metadata, spec }: Pod) {
  const names = (spec.volumes ?? []).flatMap((it) => it.persistentVolumeClaim?.claimName ?? []);
  return names.map((name) => ({ ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }), name }));
}

function uses(pod: Pod, { metadata }: PersistentVolumeClaim): boolean {
  return (pod.spec.volumes ?? []).some((it) => it.persistentVolumeClaim?.claimName === metadata.name);
}
