import { Worker } from 'node:worker_threads';

/** What claims get that name no class. Of another name there is none, and such claims wait for ever. */
export const storageClass = 'standard';

export const storageClassObject = {
  apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass',
  metadata: { name: storageClass, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'guildhall.test/folders', reclaimPolicy: 'Retain', volumeBindingMode: 'Immediate',
};

export interface ProvisionerData {
  server: string;
  token: string;
  certificateAuthority: string;
  /** Where the folders are made. */
  folder: string;
  storageClass: string;
}

/** Gives claims volumes until it is stopped. */
export function startProvisioner(data: Omit<ProvisionerData, 'storageClass'>): { stop(): Promise<void> } {
  const worker = new Worker(new URL('./provisioner.ts', import.meta.url), { workerData: { ...data, storageClass } satisfies ProvisionerData });
  worker.unref();
  return {
    async stop() {
      await worker.terminate();
    },
  };
}
