import type { ClientCertificate } from '@guildhall/fabric';
import type { NodeMaterial } from './decide.ts';
import type { NodeRole } from './node-role.ts';
import type { InspectTarget } from './observation.ts';

/** How the node is asked about itself; undefined while the operator has no certificate for an orderer's admin endpoint. */
export function inspectTarget(role: NodeRole, { addresses, authority }: Pick<NodeMaterial, 'addresses' | 'authority'>, admin: ClientCertificate | undefined): InspectTarget | undefined {
  const operations = { url: `http://${addresses.operationsEndpoint}` };
  if (role === 'peer') return { role, operations };
  if (admin === undefined || addresses.adminEndpoint === undefined) return undefined;
  return { role, endpoints: { operations, admin: { url: `https://${addresses.adminEndpoint}`, tlsRoots: [authority.tls.root], client: admin } } };
}
