import type { ConfigMap, PersistentVolumeClaim, Secret, Service } from '@guildhall/kubernetes';

/** What pods refer to, from caches; `undefined` while it does not exist. */
export interface Lookups {
  secret(namespace: string, name: string): Secret | undefined;
  configMap(namespace: string, name: string): ConfigMap | undefined;
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined;
  service(namespace: string, name: string): Service | undefined;
}
