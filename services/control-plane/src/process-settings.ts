import { clusterSettings, processSettings, readSettings, setting } from '@guildhall/process';
import { z } from 'zod';
import { exposures, storageClassName } from '@guildhall/resources';

const shape = {
  ...processSettings,
  ...clusterSettings,
  GUILDHALL_DATABASE_URL_FILE: setting.file,
  GUILDHALL_LISTEN_ADDRESS: setting.address.prefault('0.0.0.0:4000'),
  /** Where browsers reach Guildhall. Left out: under whatever name they come. */
  GUILDHALL_PUBLIC_URL: setting.origin.optional(),
  /** Its own, where components' ServiceAccounts are: they get their roles in each namespace of consortia. Left out: the cluster gives them by name. */
  GUILDHALL_NAMESPACE: setting.namespace.optional(),
  /** Whether the networks of consortia's and members' namespaces are closed but for what is needed. */
  GUILDHALL_NETWORK_POLICIES: z.enum(['true', 'false'], 'is neither true nor false').default('true').transform((text) => text === 'true'),
  GUILDHALL_EXPOSURE: z.enum(exposures, `is no exposure: give one of ${exposures.join(', ')}`).default('ClusterDNS'),
  /** Of nodes' volumes. Left out: the cluster's default. */
  GUILDHALL_STORAGE_CLASS: z.string().refine((name) => storageClassName.safeParse(name).success, 'is no name of a storage class').optional(),
  /** From where images of contracts may come. */
  GUILDHALL_CONTRACT_IMAGE_REGISTRIES: z
    .string()
    .regex(/^[a-z0-9][a-z0-9./:_-]*[a-z0-9](,[a-z0-9][a-z0-9./:_-]*[a-z0-9])*$/, 'is no list of registries: give them as registry.example or registry.example/contracts, with commas between')
    .transform((text) => text.split(','))
    .default([]),
  /** A build of the console. Left out: the API alone. */
  GUILDHALL_CONSOLE_FOLDER: setting.file.optional(),
  GUILDHALL_LEDGER_GATEWAY_URL: setting.url,
  GUILDHALL_LEDGER_GATEWAY_TOKEN_FILE: setting.file.default('/var/run/secrets/guildhall/ledger-gateway/token'),
  GUILDHALL_LEDGER_GATEWAY_CA_FILE: setting.file.default('/etc/guildhall/ledger-gateway/ca.crt'),
};

export const readControlPlaneSettings = (environment: Readonly<Record<string, string | undefined>>) => readSettings(shape, environment);
export type ControlPlaneSettings = ReturnType<typeof readControlPlaneSettings>;
