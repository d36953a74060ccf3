import { Worker } from 'node:worker_threads';

/** `standard` is what claims get that name no class. Of other names there is none, and such claims wait for ever. */
const classes = [{ name: 'standard', grows: true }, { name: 'fixed', grows: false }] as const;

export const storageClasses = classes.map(({ name, grows }) => ({
  apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass',
  metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': String(name === 'standard') } },
  provisioner: 'guildhall.test/folders', reclaimPolicy: 'Retain', volumeBindingMode: 'Immediate', allowVolumeExpansion: grows,
}));

export interface ProvisionerData {
  server: string;
  token: string;
  certificateAuthority: string;
  /** Where the folders are made. */
  folder: string;
  storageClasses: readonly string[];
}

/** Gives claims volumes until it is stopped. */
export function startProvisioner(data: Omit<ProvisionerData, 'storageClasses'>): { stop(): Promise<void> } {
  const worker = new Worker(new URL('./provisioner.ts', import.meta.url), { workerData: { ...data, storageClasses: classes.map(({ name }) => name) } satisfies ProvisionerData });
  worker.unref();
  return {
    async stop() {
      await worker.terminate();
    },
  };
}
