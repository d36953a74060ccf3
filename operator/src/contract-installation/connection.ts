import { connectionFile } from '@guildhall/fabric';
import { configMaps, isNotFound } from '@guildhall/kubernetes';
import type { ContractInstallation, Member } from '@guildhall/resources';
import type { OperatorContext } from '../context.ts';
import { nodeNames } from '../names.ts';

/** Files of a contract in a peer's folder are told by its name: labels are `<name>_<version>-<digest>`, and names have no "_". */
const isOf = (contract: string, key: string): boolean => key.startsWith(`${contract}_`) && key.endsWith('.json');

export interface Connection {
  label: string;
  address: string;
}

/** Writes the instance's address where the peer's builder reads it. False while the peer's folder is not there. */
export async function publishAddress({ client, informers }: OperatorContext, installation: ContractInstallation, member: Member, peer: string, { label, address }: Connection): Promise<boolean> {
  const ref = { namespace: installation.metadata.namespace ?? '', name: nodeNames(peer).contracts };
  const folder = informers.configMaps.get(ref.namespace, ref.name);
  const rootCertificate = member.status?.certificateAuthority?.tls.root;
  if (folder === undefined || rootCertificate === undefined) return false;
  const key = `${label}.json`;
  const text = connectionFile({ address, rootCertificate });
  if (folder.data?.[key] === text) return true;
  try {
    await client.mergePatch(configMaps, ref, { data: { [key]: text } });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Takes away the addresses of a contract but those that are kept. */
export async function withdrawAddresses({ client, informers }: OperatorContext, installation: ContractInstallation, peer: string, kept: readonly string[]): Promise<void> {
  const ref = { namespace: installation.metadata.namespace ?? '', name: nodeNames(peer).contracts };
  const keys = Object.keys(informers.configMaps.get(ref.namespace, ref.name)?.data ?? {});
  const obsolete = keys.filter((key) => isOf(installation.metadata.name, key) && !kept.includes(key.slice(0, -'.json'.length)));
  if (obsolete.length > 0) await client.mergePatch(configMaps, ref, { data: Object.fromEntries(obsolete.map((key) => [key, null])) });
}
