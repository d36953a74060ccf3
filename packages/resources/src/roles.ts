import { defaultNamespace, fieldManagers, group } from './group.ts';

/** The shape of a rule of a Kubernetes Role. */
export interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  /** Only objects of these names. Creating one is never limited by it: Kubernetes does not know the name yet when it asks. */
  resourceNames?: string[];
}

/** What one component may do. The charts grant this, and the local cluster enforces it. */
export interface ComponentRole {
  /** Everywhere. */
  cluster: PolicyRule[];
  /** In the namespaces of consortia and members (`gh-*`) only. */
  consortia: PolicyRule[];
  /** In the namespace that Guildhall itself runs in only. */
  own: PolicyRule[];
  /** Everywhere, on a Kubernetes whose roles are bound namespace by namespace: the local cluster has no such kinds. */
  kubernetes: PolicyRule[];
}

const read = ['get', 'list', 'watch'];
const agreed = ['consortia', 'channels', 'contracts'];
const intents = ['members', 'channelmemberships', 'contractinstallations'];
const kinds = [...agreed, ...intents, 'nodes'];
/** What gets a member's application a certificate that lasts: for the control plane alone, and answered by the certificate authority alone. */
const identities = ['clientidentities'];
const statusOf = (resources: string[]): string[] => resources.map((resource) => `${resource}/status`);
/** What the ledger gateway keeps in Guildhall's own namespace: its server certificate with the key, and the authority that callers trust. */
export const gatewayObjects = { certificate: 'guildhall-ledger-gateway-tls', authority: 'guildhall-ledger-gateway-ca' } as const;

/** In a consortium's namespace: which of its nodes may be down because somebody wants it. */
export const disruptionLease = 'guildhall-disruption';

/** The Secret that the certificate authority makes once. */
const keyEncryptionKey = 'guildhall-key-encryption-key';

/** The cluster role that a component has in namespaces of consortia and members. */
export const roleInConsortia = (component: string): string => `${component}-in-consortia`;

/** To see whether the cluster's definitions are those that the program was made with. */
const definitionsOf = (resources: string[]): PolicyRule => ({
  apiGroups: ['apiextensions.k8s.io'],
  resources: ['customresourcedefinitions'],
  verbs: ['get'],
  resourceNames: resources.map((resource) => `${resource}.${group}`),
});

/** The lease of the one process that works. */
const leaseOf = (name: string): PolicyRule[] => [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'patch'], resourceNames: [name] },
];
const events: PolicyRule = { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] };

export const componentRoles = {
  /** Writes what was agreed and, on behalf of members, what they consent to. Runs nothing itself and reads no Secret. */
  controlPlane: {
    cluster: [
      { apiGroups: [''], resources: ['namespaces'], verbs: [...read, 'create', 'patch', 'delete'] },
      { apiGroups: [group], resources: [...kinds, ...identities, 'certificaterequests', 'signingrequests'], verbs: read },
    ],
    consortia: [
      { apiGroups: [group], resources: kinds, verbs: ['create', 'patch', 'delete'] },
      { apiGroups: [group], resources: identities, verbs: ['create', 'delete'] },
      // What a node or a contract's instance wrote, for people to read; not the pods themselves.
      { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
    ],
    own: [],
    kubernetes: [
      // Gives each component its role in namespaces of consortia, and again where it was taken, and closes their networks; the chart's admission policies hold it to that.
      { apiGroups: ['rbac.authorization.k8s.io'], resources: ['rolebindings'], verbs: ['list', 'watch', 'create', 'patch'] },
      { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: [...read, 'create', 'patch', 'delete'] },
      { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], resourceNames: Object.values(fieldManagers).map(roleInConsortia), verbs: ['bind'] },
    ],
  },
  /**
   * Carries out. It may finish the deletion of what was agreed and of nodes (their finalizers), but of a member's
   * intents it writes the status only: it cannot consent for anyone.
   */
  operator: {
    cluster: [
      { apiGroups: [group], resources: [...kinds, 'certificaterequests', 'signingrequests'], verbs: read },
      { apiGroups: [''], resources: ['services', 'persistentvolumeclaims', 'configmaps', 'pods'], verbs: read },
      { apiGroups: ['apps'], resources: ['statefulsets'], verbs: read },
      { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: read },
      // Which machines are to be emptied.
      { apiGroups: [''], resources: ['nodes'], verbs: read },
      definitionsOf([...kinds, 'certificaterequests', 'signingrequests']),
    ],
    consortia: [
      { apiGroups: [group], resources: [...agreed, 'nodes'], verbs: ['patch'] },
      { apiGroups: [group], resources: statusOf(kinds), verbs: ['patch'] },
      { apiGroups: [group], resources: ['certificaterequests', 'signingrequests'], verbs: ['create', 'patch', 'delete'] },
      // By name only: no process of ours holds all Secrets.
      { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create', 'patch', 'delete'] },
      {
        apiGroups: [''],
        resources: ['services', 'configmaps', 'persistentvolumeclaims'],
        verbs: ['create', 'patch', 'delete'],
      },
      { apiGroups: ['apps'], resources: ['statefulsets'], verbs: ['create', 'patch', 'delete'] },
      // Patched to have a kubelet look at a changed ConfigMap at once, and to lead nobody to a pod that is to end.
      { apiGroups: [''], resources: ['pods'], verbs: ['patch', 'delete'] },
      { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: ['create', 'patch'] },
      ...leaseOf(disruptionLease),
      // Why a pod or a volume does not come is said there only.
      { ...events, verbs: [...events.verbs, 'list'] },
      // How nodes are reached from outside through a gateway.
      { apiGroups: ['gateway.networking.k8s.io'], resources: ['tlsroutes'], verbs: ['get', 'create', 'patch'] },
    ],
    own: leaseOf(fieldManagers.operator),
    kubernetes: [],
  },
  /** Publishes members' roots, issues and signs. It writes no spec, and removes only what a client asked for and left behind. */
  certificateAuthority: {
    cluster: [
      { apiGroups: [group], resources: [...kinds, ...identities, 'certificaterequests', 'signingrequests'], verbs: read },
      { apiGroups: [''], resources: ['services'], verbs: read },
    ],
    consortia: [
      { apiGroups: [group], resources: statusOf(['members', ...identities, 'certificaterequests', 'signingrequests']), verbs: ['patch'] },
      { apiGroups: [group], resources: ['certificaterequests'], verbs: ['delete'] },
      events,
    ],
    own: [
      ...leaseOf(fieldManagers.certificateAuthority),
      { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
      { apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: [keyEncryptionKey] },
    ],
    kubernetes: [],
  },
  /** Acts as members' clients: asks for client certificates and reads where things are. It has the tokens of its callers judged, and keeps its server certificate. */
  ledgerGateway: {
    cluster: [
      { apiGroups: [group], resources: [...kinds, 'certificaterequests'], verbs: read },
      { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
    ],
    consortia: [{ apiGroups: [group], resources: ['certificaterequests'], verbs: ['create', 'patch', 'delete'] }],
    own: [
      { apiGroups: [''], resources: ['secrets', 'configmaps'], verbs: ['create'] },
      { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'patch'], resourceNames: [gatewayObjects.certificate] },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'patch'], resourceNames: [gatewayObjects.authority] },
    ],
    kubernetes: [],
  },
  /** Reads how things are, and writes nothing at all. */
  monitor: {
    cluster: [{ apiGroups: [group], resources: [...agreed, 'members', 'nodes'], verbs: read }],
    consortia: [],
    own: [],
    kubernetes: [],
  },
} satisfies Record<string, ComponentRole>;
export type Component = keyof typeof componentRoles;

/** The rules of a role as the local cluster takes them, each with the namespaces in which it holds. */
export const rulesWithNamespaces = ({ cluster, consortia, own }: ComponentRole, ownNamespace: string = defaultNamespace): (PolicyRule & { namespaces?: string[] })[] => [
  ...cluster,
  ...consortia.map((rule) => ({ ...rule, namespaces: ['gh-*'] })),
  ...own.map((rule) => ({ ...rule, namespaces: [ownNamespace] })),
];
