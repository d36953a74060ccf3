import type { Applied, Service, StatefulSet } from '@guildhall/kubernetes';
import { ports, type ContractInstallation } from '@guildhall/resources';
import { instanceNames } from '../names.ts';
import { podSecurity, restricted } from '../node/workload/stateful-set.ts';

export const instancePorts = ports.contract;
const paths = { tls: '/etc/guildhall/tls', keys: '/etc/guildhall/keys', cache: '/var/guildhall/artifacts' } as const;

export interface Instance {
  installation: ContractInstallation;
  name: string;
  labels: Record<string, string>;
  image: string;
  artifactDigest: string;
  /** Base of the artifact store. */
  artifactUrl: string;
  packageId: string;
}

/** Two instances of one contract differ by the code that they run. */
const selectorOf = (name: string): Record<string, string> => ({ 'app.kubernetes.io/instance': name });

/** Its address never changes: peers learn it once, when the contract is installed. */
export function instanceService({ installation, name, labels }: Pick<Instance, 'installation' | 'name' | 'labels'>): Applied<Service> {
  return {
    metadata: { name, namespace: installation.metadata.namespace ?? '', labels },
    spec: {
      type: 'ClusterIP',
      selector: selectorOf(name),
      ports: Object.entries(instancePorts).map(([port, number]) => ({ name: port, port: number, targetPort: number, protocol: 'TCP' as const })),
    },
  };
}

export function instanceStatefulSet({ installation, name, labels, image, artifactDigest, artifactUrl, packageId }: Instance): Applied<StatefulSet> {
  const names = instanceNames(name);
  const values = {
    GUILDHALL_ARTIFACT_DIGEST: artifactDigest,
    GUILDHALL_ARTIFACT_URL: `${artifactUrl}/artifacts/${artifactDigest.replace(':', '/')}`,
    GUILDHALL_ARTIFACT_CACHE: paths.cache,
    GUILDHALL_PACKAGE_ID: packageId,
    GUILDHALL_CONTRACT_ADDRESS: `$(POD_IP):${instancePorts.grpc}`,
    GUILDHALL_HEALTH_ADDRESS: `$(POD_IP):${instancePorts.health}`,
    GUILDHALL_CONTRACT_TLS_KEY_FILE: `${paths.keys}/tls.key`,
    GUILDHALL_CONTRACT_TLS_CERT_FILE: `${paths.tls}/tls.pem`,
  };
  const health = { httpGet: { path: '/healthz', port: instancePorts.health } };
  return {
    metadata: { name, namespace: installation.metadata.namespace ?? '', labels },
    spec: {
      replicas: 1,
      serviceName: name,
      selector: { matchLabels: selectorOf(name) },
      podManagementPolicy: 'Parallel',
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 10,
          securityContext: podSecurity,
          containers: [
            {
              name: 'contract',
              image,
              env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }, ...Object.entries(values).map(([variable, value]) => ({ name: variable, value }))],
              ports: Object.entries(instancePorts).map(([port, containerPort]) => ({ name: port, containerPort, protocol: 'TCP' as const })),
              securityContext: restricted,
              readinessProbe: { ...health, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 2 },
              livenessProbe: { ...health, initialDelaySeconds: 20, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
              volumeMounts: [
                { name: 'tls', mountPath: paths.tls, readOnly: true },
                { name: 'keys', mountPath: paths.keys, readOnly: true },
                { name: 'artifacts', mountPath: paths.cache },
              ],
            },
          ],
          volumes: [
            { name: 'tls', secret: { secretName: names.certificates } },
            { name: 'keys', secret: { secretName: names.keys, defaultMode: 0o440 } },
            { name: 'artifacts', emptyDir: {} },
          ],
        },
      },
    },
  };
}
