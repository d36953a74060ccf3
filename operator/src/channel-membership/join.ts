import { buildProposal } from '@guildhall/fabric';
import { keyOf, refOf } from '@guildhall/kubernetes';
import type { ChannelMembership, Member, Node } from '@guildhall/resources';
import type { OperatorContext } from '../context.ts';
import { nodeEndpoint, adminEndpoint } from '../endpoints.ts';
import { attempt } from '../fabric-problem.ts';
import { nodeLabels } from '../names.ts';
import { stalled, waiting, type Outcome } from '../outcome.ts';

export interface Joining {
  membership: ChannelMembership;
  member: Member;
  node: Node;
  block: Uint8Array;
  /** The node's endpoints answer. */
  answers: boolean;
  now: number;
  /** When a join that failed is tried again. */
  retryMs: number;
  signal: AbortSignal;
}

/** What stands in the way; undefined when the node has joined. */
export async function joinOrderer({ clients, fabric, nodes }: OperatorContext, { member, node, block, retryMs, signal }: Joining): Promise<Outcome | undefined> {
  const endpoint = adminEndpoint(node, member, clients.admin(member));
  if (endpoint === undefined) return waiting('WaitingForCertificate', "Waiting for the operator's certificate for the admin endpoint.");
  const joined = await attempt(() => fabric.orderers.join(endpoint, block, signal), retryMs);
  if ('failed' in joined) return joined.failed;
  await nodes.look(keyOf(refOf(node)));
  return undefined;
}

/** Asks for the administrator's signature and, when it is there and the peer answers, joins with it. */
export async function joinPeer(context: OperatorContext, joining: Joining): Promise<Outcome | undefined> {
  const { signing, fabric, nodes, nonce } = context;
  const { membership, member, node, block, answers, now, retryMs, signal } = joining;
  const task = { intent: membership, purpose: 'join-channel' as const, target: node.metadata.name, labels: nodeLabels(member, node) };
  const admin = member.status?.certificateAuthority?.admin.certificate;
  if (admin === undefined) return waiting('WaitingForCertificateAuthority', "The member's administrator has no certificate yet.");
  const signed = await signing.find(task, now);
  if (signed.kind === 'absent') {
    const creator = { mspId: member.spec.mspId, certificate: admin };
    await signing.ask(task, buildProposal({ kind: 'JoinChain', block }, { creator, nonce: nonce(), timestamp: new Date(now) }).bytes);
    return waiting('WaitingForSignature', `Waiting for the signature of the member's administrator (join-channel, ${node.metadata.name}).`);
  }
  if (signed.kind === 'denied') return stalled('Denied', `The signer refused to join ${node.metadata.name}: ${signed.message}`);
  if (signed.kind === 'waiting') return waiting('WaitingForSignature', signed.message);
  const endpoint = nodeEndpoint(node, member);
  if (!answers || endpoint === undefined) return waiting('WaitingForNode', `Peer ${node.metadata.name} does not answer yet.`);
  const joined = await attempt(() => fabric.peers.join(endpoint, signed, signal), retryMs);
  if ('failed' in joined) return joined.failed;
  await nodes.look(keyOf(refOf(node)));
  return undefined;
}
