import type { Address, ClientCertificate, HttpEndpoint, NodeEndpoint } from '@guildhall/fabric';
import type { Member, Node } from '@guildhall/resources';

/** How a node is reached by gRPC; undefined until its address and its member's TLS root are known. */
export function nodeEndpoint(node: Node, member: Member): NodeEndpoint | undefined {
  const address = node.status?.endpoint;
  const root = member.status?.certificateAuthority?.tls.root;
  return address === undefined || root === undefined ? undefined : { address, tlsRoots: [root], mspId: member.spec.mspId };
}

/** An orderer's admin endpoint; undefined while the operator has no certificate that opens it. */
export function adminEndpoint(node: Node, member: Member, client: ClientCertificate | undefined): HttpEndpoint | undefined {
  const root = member.status?.certificateAuthority?.tls.root;
  const address = node.status?.adminEndpoint;
  return root === undefined || address === undefined || client === undefined ? undefined : { url: `https://${address}`, tlsRoots: [root], client };
}

export function addressOf(node: Node): Address | undefined {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(node.status?.endpoint ?? '') ?? [];
  return host === undefined ? undefined : { host, port: Number(port) };
}
