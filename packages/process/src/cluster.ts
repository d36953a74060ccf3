import { readFileSync } from 'node:fs';
import { createClient, type CallOutcome, type KubernetesClient } from '@guildhall/kubernetes';
import { setting } from './settings.ts';

/** What a pod of Kubernetes finds in its own file system. */
const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/** A process in a pod need not be told where its cluster is. */
export const clusterSettings = {
  GUILDHALL_CLUSTER_URL: setting.url.optional(),
  GUILDHALL_CLUSTER_TOKEN_FILE: setting.file.default(`${serviceAccount}/token`),
  GUILDHALL_CLUSTER_CA_FILE: setting.file.optional(),
};

interface ClusterAddress {
  GUILDHALL_CLUSTER_URL?: string | undefined;
  GUILDHALL_CLUSTER_TOKEN_FILE: string;
  GUILDHALL_CLUSTER_CA_FILE?: string | undefined;
}

/** @param onCall told of every call's end, for metrics */
export function connectCluster(address: ClusterAddress, fieldManager: string, onCall?: (outcome: CallOutcome) => void): KubernetesClient {
  const { GUILDHALL_CLUSTER_URL: url, GUILDHALL_CLUSTER_TOKEN_FILE: tokenFile } = address;
  // Another cluster than the pod's own has another authority, or one that every system trusts.
  const authority = address.GUILDHALL_CLUSTER_CA_FILE ?? (url === undefined ? `${serviceAccount}/ca.crt` : undefined);
  return createClient({
    server: url ?? 'https://kubernetes.default.svc',
    tokenFile,
    ...(authority === undefined ? {} : { certificateAuthority: readFileSync(authority, 'utf8') }),
    fieldManager,
    ...(onCall === undefined ? {} : { onCall }),
  });
}
