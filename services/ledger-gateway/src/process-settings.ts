import { clusterSettings, processSettings, readSettings, setting } from '@guildhall/process';
import { z } from 'zod';

const noCallers = 'is no list of ServiceAccounts: give them as namespace/name, such as guildhall/guildhall-control-plane, with commas between';
const name = '[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?';

const shape = {
  ...processSettings,
  ...clusterSettings,
  GUILDHALL_LISTEN_ADDRESS: setting.address.prefault('0.0.0.0:7443'),
  /** Its own: of its Service, its certificate and the ConfigMap with the authority. */
  GUILDHALL_NAMESPACE: setting.namespace.default('guildhall'),
  /** Whoever is not named is refused. */
  GUILDHALL_ALLOWED_CALLERS: z
    .string()
    .regex(new RegExp(`^${name}/${name}(,${name}/${name})*$`), noCallers)
    .transform((text) => new Set(text.split(',').map(userOf))),
};

/** The name under which Kubernetes knows a ServiceAccount. */
const userOf = (account: string): string => `system:serviceaccount:${account.replace('/', ':')}`;

export const readGatewaySettings = (environment: Readonly<Record<string, string | undefined>>) => readSettings(shape, environment);
export type GatewaySettings = ReturnType<typeof readGatewaySettings>;
