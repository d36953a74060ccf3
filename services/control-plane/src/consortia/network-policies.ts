import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '@guildhall/kubernetes';
import { labels, ports } from '@guildhall/resources';

export interface NetworkOf {
  namespace: string;
  /** Where members of the consortium keep what they run, this one's too. */
  partners: readonly string[];
  /** Guildhall's own namespace. */
  own: string;
}

type Policy = Pick<NetworkPolicy, 'metadata' | 'spec'>;

/** Kubernetes gives each namespace this label, and nobody can give it to another one. */
const namespaceLabel = 'kubernetes.io/metadata.name';
const podsOf = (namespaces: readonly string[], matchLabels: Record<string, string>): NetworkPolicyPeer => ({
  namespaceSelector: { matchExpressions: [{ key: namespaceLabel, operator: 'In', values: [...namespaces] }] },
  podSelector: { matchLabels },
});
const tcp = (...numbers: number[]): NetworkPolicyPort[] => numbers.map((port) => ({ port, protocol: 'TCP' }));

/** What passes the network of a namespace of a consortium or a member: what Fabric needs, and nothing else. Policies of others can add to it only. */
export function policiesOf({ namespace, partners, own }: NetworkOf): Policy[] {
  const ofPartners = (component: string): NetworkPolicyPeer => podsOf(partners, { [labels.component]: component });
  const here = (component: string): NetworkPolicyPeer => podsOf([namespace], { [labels.component]: component });
  const guildhall = (component: string): NetworkPolicyPeer => podsOf([own], { 'app.kubernetes.io/name': 'guildhall', [labels.component]: component });
  const [peers, orderers, operator, gateway] = [ofPartners('peer'), ofPartners('orderer'), guildhall('operator'), guildhall('ledger-gateway')];
  const policy = (name: string, matchLabels: Record<string, string>, rules: Pick<NetworkPolicy['spec'], 'ingress' | 'egress'>): Policy => ({
    metadata: { name: `guildhall-${name}`, namespace, labels: { [labels.managedBy]: 'guildhall' } },
    // Also what is empty is said: it takes away what somebody has added.
    spec: { podSelector: { matchLabels }, policyTypes: ['Ingress', 'Egress'], ingress: [], egress: [], ...rules },
  });
  return [
    // Of all pods. Where clusters answer names: port 53, or 5353 where the server may not take that one.
    policy('default', {}, {
      egress: [{ to: [podsOf(['kube-system'], { 'k8s-app': 'kube-dns' })], ports: (['UDP', 'TCP'] as const).flatMap((protocol) => [53, 5353].map((port) => ({ port, protocol }))) }],
    }),
    policy('peer', { [labels.component]: 'peer' }, {
      ingress: [{ from: [peers, gateway, operator], ports: tcp(ports.peer.grpc) }, { from: [operator], ports: tcp(ports.peer.operations) }],
      egress: [
        { to: [peers], ports: tcp(ports.peer.grpc) },
        { to: [orderers], ports: tcp(ports.orderer.grpc) },
        { to: [here('contract')], ports: tcp(ports.contract.grpc) },
      ],
    }),
    policy('orderer', { [labels.component]: 'orderer' }, {
      ingress: [{ from: [orderers, peers, gateway, operator], ports: tcp(ports.orderer.grpc) }, { from: [operator], ports: tcp(ports.orderer.admin, ports.orderer.operations) }],
      egress: [{ to: [orderers], ports: tcp(ports.orderer.grpc) }],
    }),
    policy('contract', { [labels.component]: 'contract' }, {
      // The operator greets an instance that has nothing but its contract to tell how it is: an image of its own.
      ingress: [{ from: [here('peer'), operator], ports: tcp(ports.contract.grpc) }, { from: [operator], ports: tcp(ports.contract.health) }],
    }),
    // Guildhall's runner loads its code once; an image of its own has all it needs, and nobody knows what is in it.
    policy('contract-code', { [labels.component]: 'contract', [labels.loadsCode]: 'true' }, { egress: [{ to: [guildhall('control-plane')], ports: tcp(4000) }] }),
    // Of nodes that are to be reached from outside, by whatever way: their own TLS and Fabric's signatures say who may what.
    ...(['peer', 'orderer'] as const).map((role) =>
      policy(`exposed-${role}`, { [labels.component]: role, [labels.exposed]: 'true' }, { ingress: [{ ports: tcp(ports[role].grpc) }] }),
    ),
  ];
}
