import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, type KubernetesClient } from '@guildhall/kubernetes';

export type Principal = 'guildhall-control-plane' | 'guildhall-operator' | 'guildhall-certificate-authority' | 'guildhall-ledger-gateway';

/** The local cluster's API with the rights of a component, for looking at what the public API does not show. */
export function clusterClient(home: string, principal: Principal): KubernetesClient {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(home, 'cluster', name), 'utf8'));
  const { url } = read('endpoint.json') as { url: string };
  const token = (read('principals.json') as { name: string; token: string }[]).find(({ name }) => name === principal)?.token;
  if (token === undefined) throw new Error(`the local cluster knows no ${principal}`);
  return createClient({ server: url, token, fieldManager: principal });
}
