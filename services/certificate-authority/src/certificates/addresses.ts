import { BlockList, isIP } from 'node:net';
import type { AlternativeName } from '@guildhall/pki';
import type { Service } from '@guildhall/kubernetes';

/** Where clusters put their services: loopback, RFC 1918, RFC 6598, RFC 4193. A public address is never a Service's own. */
const clusterAddresses = new BlockList();
clusterAddresses.addSubnet('127.0.0.0', 8);
clusterAddresses.addSubnet('10.0.0.0', 8);
clusterAddresses.addSubnet('172.16.0.0', 12);
clusterAddresses.addSubnet('192.168.0.0', 16);
clusterAddresses.addSubnet('100.64.0.0', 10);
clusterAddresses.addSubnet('fc00::', 7, 'ipv6');

export type ServiceNames = { readonly names: readonly AlternativeName[] } | { readonly pending: string } | { readonly refused: string };

/** Every name under which a Service is dialled: its address, and its DNS names by Kubernetes' rule. */
export function namesOfService(service: Service): ServiceNames {
  const { name, namespace = '' } = service.metadata;
  if (service.spec.type === 'ExternalName') return { refused: `Service ${name} leads out of the cluster` };
  const addresses = service.spec.clusterIPs ?? (service.spec.clusterIP === undefined ? [] : [service.spec.clusterIP]);
  if (addresses.includes('None')) return { refused: `Service ${name} is headless and has no address` };
  if (addresses.length === 0) return { pending: `Service ${name} has no address yet` };
  const foreign = addresses.find((address) => !isClusterAddress(address));
  if (foreign !== undefined) return { refused: `the address ${foreign} of Service ${name} is not one of a cluster's private ranges` };
  const dns = [name, `${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`];
  return {
    names: [...dns.map((value) => ({ type: 'dns' as const, value })), ...addresses.map((value) => ({ type: 'ip' as const, value }))],
  };
}

function isClusterAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && clusterAddresses.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
