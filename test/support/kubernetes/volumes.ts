import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInformer, isAlreadyExists, persistentVolumeClaims, type KubernetesClient, type KubernetesObject, type PersistentVolumeClaim, type ResourceType } from '@guildhall/kubernetes';
import { nodeName } from './kubelet.ts';

/** What claims get that name no class. Of another name there is none, and such claims wait for ever. */
export const storageClass = 'standard';

export const storageClassObject = {
  apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass',
  metadata: { name: storageClass, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'guildhall.test/folders', reclaimPolicy: 'Retain', volumeBindingMode: 'Immediate',
};

const persistentVolumes: ResourceType<KubernetesObject & { spec: object }> = { group: '', version: 'v1', kind: 'PersistentVolume', plural: 'persistentvolumes', namespaced: false };

/** Gives each claim of the class a folder of the node: a local volume, which takes the group of its pod, as a path of the host does not. */
export function startProvisioner(client: KubernetesClient, folder: string): { stop(): void } {
  const stopping = new AbortController();
  const informer = createInformer(client, persistentVolumeClaims);
  const volumes = join(folder, 'volumes');
  const provide = async (claim: PersistentVolumeClaim): Promise<void> => {
    const { uid = '', name, namespace = '' } = claim.metadata;
    if (claim.spec.storageClassName !== storageClass || claim.spec.volumeName !== undefined) return;
    const path = join(volumes, uid);
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o770);
    try {
      await client.create(persistentVolumes, {
        metadata: { name: `pvc-${uid}` },
        spec: {
          capacity: { storage: claim.spec.resources?.requests?.['storage'] ?? '1Gi' }, accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: 'Retain',
          storageClassName: storageClass, local: { path }, claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
          nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [nodeName] }] }] } },
        },
      });
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
  };
  informer.onChange(({ type, object }) => {
    if (type !== 'deleted') void provide(object).catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)));
  });
  informer.start(stopping.signal);
  return { stop: () => stopping.abort() };
}
