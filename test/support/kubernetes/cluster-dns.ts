import { dnsAddress } from './kubelet.ts';

const inSystem = (name: string) => ({ name, namespace: 'kube-system' });

/** Names of Services, answered by CoreDNS from this image. */
export const clusterDns = (image: string): object[] => [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: inSystem('coredns') },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'coredns' },
    rules: [
      { apiGroups: [''], resources: ['services', 'namespaces', 'pods'], verbs: ['list', 'watch'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name: 'coredns' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'coredns' },
    subjects: [{ kind: 'ServiceAccount', ...inSystem('coredns') }],
  },
  {
    apiVersion: 'v1', kind: 'ConfigMap', metadata: inSystem('coredns'),
    data: { Corefile: '.:5353 {\n  errors\n  ready\n  kubernetes cluster.local in-addr.arpa {\n    ttl 5\n  }\n}\n' },
  },
  {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: inSystem('coredns'),
    spec: {
      selector: { matchLabels: { app: 'coredns' } },
      template: {
        // Policies know the cluster's names by the second one.
        metadata: { labels: { app: 'coredns', 'k8s-app': 'kube-dns' } },
        spec: {
          serviceAccountName: 'coredns',
          dnsPolicy: 'Default',
          containers: [{
            name: 'coredns', image, imagePullPolicy: 'Never', args: ['-conf', '/etc/coredns/Corefile'],
            volumeMounts: [{ name: 'config', mountPath: '/etc/coredns' }],
            readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 1 },
          }],
          volumes: [{ name: 'config', configMap: { name: 'coredns' } }],
        },
      },
    },
  },
  {
    apiVersion: 'v1', kind: 'Service', metadata: inSystem('kube-dns'),
    spec: { clusterIP: dnsAddress, selector: { app: 'coredns' }, ports: [{ name: 'dns', port: 53, targetPort: 5353, protocol: 'UDP' }, { name: 'dns-tcp', port: 53, targetPort: 5353, protocol: 'TCP' }] },
  },
];
