export const group = 'guildhall.dev';
export const version = 'v1alpha1';
export const apiVersion = `${group}/${version}`;

/** Field managers of server-side apply: one per component, so that ownership of every field can be read off the object. */
export const fieldManagers = {
  controlPlane: 'guildhall-control-plane',
  operator: 'guildhall-operator',
  certificateAuthority: 'guildhall-certificate-authority',
  ledgerGateway: 'guildhall-ledger-gateway',
} as const;
/** A component that writes. */
export type Writer = keyof typeof fieldManagers;

export const labels = {
  consortium: `${group}/consortium`,
  member: `${group}/member`,
  node: `${group}/node`,
  channel: `${group}/channel`,
  contract: `${group}/contract`,
  component: 'app.kubernetes.io/component',
  managedBy: 'app.kubernetes.io/managed-by',
  /** "true" on pods of nodes that are reached from outside the cluster. */
  exposed: `${group}/exposed`,
  /** Of a node's pod that its Services lead to: from when it is made until it is to end. */
  reachable: `${group}/reachable`,
  /** "true" on pods that load a contract's code from the control plane. */
  loadsCode: `${group}/loads-code`,
} as const;

export const annotations = {
  /** "true": the controllers look but do not touch. */
  paused: `${group}/paused`,
  /** Its value must be the object's own name: what holds a ledger is not deleted by accident. */
  confirmDeletion: `${group}/confirm-deletion`,
  /** "true" together with confirm-deletion: data volumes and keys are deleted too. Without it they stay. */
  deleteData: `${group}/delete-data`,
  /** Set by the API on what one operation wrote, for support and audit. */
  operation: `${group}/operation`,
  /** Any other value than before asks once more for what was refused; the API sets one when an operation is retried. */
  retry: `${group}/retry`,
  /** Who made it, as the API knew him. */
  createdBy: `${group}/created-by`,
  /** Of the request that made it: one that is sent again finds what it made. */
  request: `${group}/request`,
  /** On a peer's pod: which addresses of contracts it was to look at. */
  contractsSeen: `${group}/contracts-seen`,
} as const;

/** Of Guildhall itself, unless it is told another. */
export const defaultNamespace = 'guildhall';

export const finalizer = `${group}/cleanup`;

export const consortiumNamespace = (consortium: string): string => `gh-${consortium}`;
/** Two dashes, which no name may contain: "a" and "b-c" would otherwise share a namespace with "a-b" and "c". */
export const memberNamespace = (consortium: string, member: string): string => `gh-${consortium}--${member}`;

/** The consortium and the member that a namespace of ours belongs to. */
export function namespaceOwner(namespace: string): { consortium: string; member: string | undefined } | undefined {
  const match = /^gh-(.+?)(?:--(.+))?$/.exec(namespace);
  return match?.[1] === undefined ? undefined : { consortium: match[1], member: match[2] };
}
