import type { Certificate } from '@guildhall/pki';
import type { Inspection } from '@guildhall/fabric';
import type { Node } from '@guildhall/resources';
import { ready, stalled, waiting, type Outcome, type Problem } from '../outcome.ts';
import { unstartedLookMs, type PodState } from '../workload/pod-state.ts';
import type { CertificateProgress, CertificateUse } from './certificates.ts';
import type { GossipStart } from './gossip.ts';
import type { Health } from './health.ts';
import { outsideProblem, type Outside } from './outside/outside.ts';
import type { Authority } from './workload/material.ts';
import type { NodeAddresses } from './workload/service.ts';

/** The public keys (SPKI, DER) of the private keys in the node's Secret. */
export type PublicKeys = Readonly<Record<CertificateUse, Uint8Array>>;

export interface NodeObserved {
  node: Node;
  memberRoles: readonly string[];
  authority: Authority | undefined;
  keys: PublicKeys | undefined;
  /** Something shows that there were keys before. */
  hadKeys: boolean;
  addresses: NodeAddresses | undefined;
  gossip: GossipStart;
  certificates: Readonly<Record<CertificateUse, CertificateProgress>>;
  pod: PodState;
  podStatus: NonNullable<Node['status']>['pod'];
  /** The pod is not the one that was wished for last. */
  outdated: boolean;
  /** Why the volume is smaller than it is to be; undefined when it is not. */
  volume: { growing: string } | { refused: string } | undefined;
  health: Health;
  inspection: Inspection | undefined;
  behind: Problem | undefined;
  outside: Outside | undefined;
}

export interface NodeMaterial {
  authority: Authority;
  addresses: NodeAddresses;
  identity: Certificate;
  tls: Certificate;
}

export interface NodePlan {
  createKeys: boolean;
  request: CertificateUse[];
  /** Everything that the pod needs is known. */
  workload?: NodeMaterial;
  outcome: Outcome;
}

const uses: readonly CertificateUse[] = ['identity', 'tls'];

const rolesFor: Readonly<Record<Node['spec']['role'], readonly string[]>> = { orderer: ['ordering'], peer: ['endorsing', 'observing'] };

export function decideNode(observed: NodeObserved): NodePlan {
  const nothing = { createKeys: false, request: [] };
  const invalid = invalidSpec(observed);
  if (invalid !== undefined) return { ...nothing, outcome: invalid };
  const key = keyProblem(observed);
  if (key !== undefined) return { ...nothing, outcome: key };

  const { certificates } = observed;
  const denied = uses.find((use) => certificates[use].denied !== undefined);
  if (denied !== undefined) {
    return { ...nothing, outcome: stalled('Denied', `The member's certificate authority refused the ${denied} certificate: ${certificates[denied].denied ?? ''}`) };
  }
  const request = uses.filter((use) => certificates[use].csr === undefined);
  const plan = { createKeys: observed.keys === undefined, request };
  const material = materialOf(observed);
  if ('outcome' in material) return { ...plan, outcome: material.outcome };
  return { ...plan, workload: material, outcome: outcomeOf(observed) };
}

function invalidSpec({ node, memberRoles, outside }: NodeObserved): Outcome | undefined {
  const { role } = node.spec;
  if (outside !== undefined && 'lacking' in outside) return stalled('InvalidSpec', outside.lacking);
  if (rolesFor[role].some((needed) => memberRoles.includes(needed))) return undefined;
  return stalled('InvalidSpec', `Member ${node.spec.member} has the roles ${memberRoles.join(', ')}; for ${role === 'peer' ? 'a peer' : 'an orderer'} it needs ${rolesFor[role].join(' or ')}.`);
}

/** Secrets are not watched: one that is restored is found so late. */
const secretsMs = 10_000;

/** A key is made once. Another key would be another node to everybody who knows this one, so a lost one is a person's decision. */
function keyProblem({ node, keys, hadKeys, certificates }: NodeObserved): Outcome | undefined {
  const secret = `${node.metadata.name}-keys`;
  if (keys === undefined) {
    return hadKeys
      ? { ...stalled('KeyMissing', `The Secret ${secret} with this node's keys is gone. Restore it from a backup; if it is lost for good, delete this Node and add another.`), afterMs: secretsMs }
      : undefined;
  }
  const foreign = uses.find((use) => {
    const certificate = certificates[use].certificate;
    return certificate !== undefined && Buffer.compare(certificate.publicKey, keys[use]) !== 0;
  });
  if (foreign === undefined) return undefined;
  return { ...stalled('KeyMissing', `The ${foreign} certificate was issued for another key than the one in the Secret ${secret}. Restore the Secret that the certificate belongs to.`), afterMs: secretsMs };
}

function materialOf({ authority, addresses, certificates, gossip }: NodeObserved): NodeMaterial | { outcome: Outcome } {
  const { identity, tls } = { identity: certificates.identity.certificate, tls: certificates.tls.certificate };
  if (authority === undefined) {
    return { outcome: waiting('WaitingForCertificateAuthority', "The member's certificate authority has not published its roots yet.") };
  }
  if (addresses === undefined) return { outcome: waiting('WaitingForAddress', 'The cluster has not given the Service an address yet.') };
  if (identity === undefined || tls === undefined) {
    return { outcome: waiting('WaitingForCertificate', `Waiting for the ${identity === undefined ? 'identity' : 'TLS'} certificate.`) };
  }
  if (gossip.pending) return { outcome: waiting('WaitingForAddress', "Waiting for the address of the member's first peer, where gossip starts.") };
  return { authority, addresses, identity, tls };
}

function outcomeOf({ pod, outdated, volume, health, behind, outside }: NodeObserved): Outcome {
  if (pod.kind !== 'running') return { ...waiting(pod.reason, pod.message, pod.kind === 'ended' ? undefined : unstartedLookMs), ...(pod.kind === 'ended' ? { degraded: { reason: pod.reason, message: pod.message } } : {}) };
  if (outdated) return waiting('WaitingForPod', 'Another pod is to take the place of this one.');
  if (health.state === 'Healthy') return healthy({ volume, behind, outside });
  if (health.state === 'Unhealthy' || health.state === 'Unreachable') {
    const problem: Problem = { reason: health.state, message: health.message };
    return { ...waiting(problem.reason, problem.message), degraded: problem };
  }
  return waiting('WaitingForPod', health.message);
}

/** How soon a cluster that refused is asked again. */
const refusedMs = 60_000;

/** A size can only grow, so a node that waited for a volume that is refused would never be Ready again, although it does its work. */
function healthy({ volume, behind, outside }: Pick<NodeObserved, 'volume' | 'behind' | 'outside'>): Outcome {
  if (volume !== undefined && 'growing' in volume) return waiting('WaitingForVolume', volume.growing);
  const refused: Problem | undefined = volume && { reason: 'VolumeNotGrown', message: volume.refused };
  const outcome = ready('The node runs and says that it is well.', allOf(refused, behind, outsideProblem(outside)));
  return refused === undefined ? outcome : { ...outcome, afterMs: refusedMs };
}

/** There is one condition for whatever is wrong: the first names its reason, and its message has them all. */
function allOf(...found: readonly (Problem | undefined)[]): Problem | undefined {
  const problems = found.filter((each) => each !== undefined);
  const [first] = problems;
  return first && { reason: first.reason, message: problems.map(({ message }) => message).join(' ') };
}
