import { defaultImages, type OperatorSettings } from './settings.ts';

export interface ProcessSettings {
  cluster: { server: string; tokenFile: string; certificateAuthorityFile: string | undefined };
  /** Where the lease of the one operator that works is kept. */
  leaseNamespace: string;
  /** `host:port` of /healthz, /readyz and /metrics. */
  health: { host: string; port: number };
  logLevel: string;
  operator: OperatorSettings;
}

export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** What a pod of Kubernetes finds in its own file system. */
const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

const known: Readonly<Record<string, { pattern: RegExp; otherwise?: string }>> = {
  GUILDHALL_CLUSTER_URL: { pattern: /^https?:\/\/\S+$/, otherwise: 'https://kubernetes.default.svc' },
  GUILDHALL_CLUSTER_TOKEN_FILE: { pattern: /^\/.+$/, otherwise: `${serviceAccount}/token` },
  GUILDHALL_CLUSTER_CA_FILE: { pattern: /^\/.*$/ },
  GUILDHALL_ARTIFACT_URL: { pattern: /^https?:\/\/\S+[^/\s]$/ },
  GUILDHALL_LEASE_NAMESPACE: { pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, otherwise: 'guildhall' },
  GUILDHALL_HEALTH_ADDRESS: { pattern: /^\S+:\d{1,5}$/, otherwise: '0.0.0.0:8080' },
  GUILDHALL_LOG_LEVEL: { pattern: /^(trace|debug|info|warn|error)$/, otherwise: 'info' },
  GUILDHALL_PEER_IMAGE: { pattern: /^\S+$/, otherwise: defaultImages.peer['3.1'] ?? '' },
  GUILDHALL_ORDERER_IMAGE: { pattern: /^\S+$/, otherwise: defaultImages.orderer['3.1'] ?? '' },
  GUILDHALL_CONTRACT_RUNNER_IMAGE: { pattern: /^\S+$/, otherwise: defaultImages.contractRunner },
};

/** Reads the environment; every name with the prefix GUILDHALL_ must be known. Throws a SettingsError that names all that is wrong. */
export function readProcessSettings(environment: Readonly<Record<string, string | undefined>>): ProcessSettings {
  const given = Object.entries(environment).filter(([name, value]) => name.startsWith('GUILDHALL_') && value !== undefined && value !== '');
  const wrong = given.flatMap(([name, value = '']) => {
    const rule = known[name];
    if (rule === undefined) return [`${name} is not known; known are ${Object.keys(known).join(', ')}`];
    return rule.pattern.test(value) ? [] : [`${name} must match ${rule.pattern.source}; it is "${value}"`];
  });
  const values = new Map(given);
  const optional = (name: string): string | undefined => values.get(name) ?? known[name]?.otherwise;
  const required = (name: string): string => {
    const value = optional(name);
    if (value === undefined) wrong.push(`${name} is not set`);
    return value ?? '';
  };
  const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(required('GUILDHALL_HEALTH_ADDRESS')) ?? [];
  const settings: ProcessSettings = {
    cluster: {
      server: required('GUILDHALL_CLUSTER_URL'),
      tokenFile: required('GUILDHALL_CLUSTER_TOKEN_FILE'),
      certificateAuthorityFile: optional('GUILDHALL_CLUSTER_CA_FILE') ?? (values.has('GUILDHALL_CLUSTER_URL') ? undefined : `${serviceAccount}/ca.crt`),
    },
    leaseNamespace: required('GUILDHALL_LEASE_NAMESPACE'),
    health: { host, port: Number(port) },
    logLevel: required('GUILDHALL_LOG_LEVEL'),
    operator: {
      artifactUrl: required('GUILDHALL_ARTIFACT_URL'),
      images: {
        peer: { '3.1': required('GUILDHALL_PEER_IMAGE') },
        orderer: { '3.1': required('GUILDHALL_ORDERER_IMAGE') },
        contractRunner: required('GUILDHALL_CONTRACT_RUNNER_IMAGE'),
      },
    },
  };
  if (wrong.length > 0) throw new SettingsError(`The settings in the environment are wrong.\n${wrong.map((line) => `  ${line}`).join('\n')}`);
  return settings;
}
