import type { ConfigMap, Secret } from '@guildhall/kubernetes';

/** What pods refer to, from caches; `undefined` while it does not exist. */
export interface Lookups {
  secret(namespace: string, name: string): Secret | undefined;
  configMap(namespace: string, name: string): ConfigMap | undefined;
}
