import type { Address, ClientCertificate, NodeEndpoint } from '@guildhall/fabric';
import type { Member, Node } from '@guildhall/resources';
import type { OrdererEndpoints } from './ports/fabric.ts';

/** How a node is reached by gRPC; undefined until its address and its member's TLS root are known. */
export function nodeEndpoint(node: Node, member: Member): NodeEndpoint | undefined {
  const address = node.status?.endpoint;
  const root = member.status?.certificateAuthority?.tls.root;
  return address === undefined || root === undefined ? undefined : { address, tlsRoots: [root], mspId: member.spec.mspId };
}

export function ordererEndpoints(node: Node, member: Member, client: ClientCertificate | undefined): OrdererEndpoints | undefined {
  const root = member.status?.certificateAuthority?.tls.root;
  const { operationsEndpoint, adminEndpoint } = node.status ?? {};
  if (root === undefined || operationsEndpoint === undefined || adminEndpoint === undefined || client === undefined) return undefined;
  return { operations: { url: `http://${operationsEndpoint}` }, admin: { url: `https://${adminEndpoint}`, tlsRoots: [root], client } };
}

export function addressOf(node: Node): Address | undefined {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(node.status?.endpoint ?? '') ?? [];
  return host === undefined ? undefined : { host, port: Number(port) };
}
