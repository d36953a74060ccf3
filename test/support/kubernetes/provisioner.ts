import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { createClient, createInformer, isAlreadyExists, persistentVolumeClaims, type KubernetesObject, type PersistentVolumeClaim, type ResourceType } from '@guildhall/kubernetes';
import { nodeName } from './kubelet.ts';
import type { ProvisionerData } from './volumes.ts';

/*
 * Gives each claim of the class a folder of the node: a local volume, which takes the group of its pod, as a path of the host does not. In a thread of
 * its own, because tests that wait for kubectl and helm hold up theirs.
 */

const { folder, storageClass, ...access } = workerData as ProvisionerData;
const persistentVolumes: ResourceType<KubernetesObject & { spec: object }> = { group: '', version: 'v1', kind: 'PersistentVolume', plural: 'persistentvolumes', namespaced: false };
const client = createClient({ ...access, fieldManager: 'guildhall-test' });

async function provide({ metadata: { uid = '', name, namespace = '' }, spec }: PersistentVolumeClaim): Promise<void> {
  if (spec.storageClassName !== storageClass || spec.volumeName !== undefined) return;
  const path = join(folder, 'volumes', uid);
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o770);
  try {
    await client.create(persistentVolumes, {
      metadata: { name: `pvc-${uid}` },
      spec: {
        capacity: { storage: spec.resources?.requests?.['storage'] ?? '1Gi' }, accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: storageClass, local: { path }, claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [nodeName] }] }] } },
      },
    });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

const informer = createInformer(client, persistentVolumeClaims);
const provideInTheEnd = (claim: PersistentVolumeClaim): void =>
  void provide(claim).catch((error: unknown) => {
    process.emitWarning(error instanceof Error ? error : String(error));
    setTimeout(provideInTheEnd, 1_000, claim); // the API server may just be away
  });
informer.onChange(({ type, object }) => {
  if (type !== 'deleted') provideInTheEnd(object);
});
// Until the thread is ended from outside.
informer.start(new AbortController().signal);
