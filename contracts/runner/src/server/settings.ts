export interface Settings {
  readonly artifactDigest: string;
  readonly artifactUrl: string;
  readonly artifactCache: string;
  readonly contractAddress: string;
  readonly packageId: string;
  readonly healthAddress: { readonly host: string; readonly port: number };
  /** How long one call may run, without the time it waits for the ledger. */
  readonly callLimitMs: number;
  readonly tls: { readonly keyFile: string; readonly certFile: string } | undefined;
}

export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const known = {
  GUILDHALL_ARTIFACT_DIGEST: /^sha256:[0-9a-f]{64}$/,
  GUILDHALL_ARTIFACT_URL: /^https?:\/\/\S+$/,
  GUILDHALL_ARTIFACT_CACHE: /^.+$/,
  GUILDHALL_CONTRACT_ADDRESS: /^\S+:\d{1,5}$/,
  GUILDHALL_PACKAGE_ID: /^[A-Za-z0-9][A-Za-z0-9_.+-]*:[0-9a-f]{64}$/,
  GUILDHALL_HEALTH_ADDRESS: /^\S+:\d{1,5}$/,
  GUILDHALL_CALL_LIMIT_MS: /^[1-9]\d{1,4}$/,
  GUILDHALL_CONTRACT_TLS_KEY_FILE: /^.+$/,
  GUILDHALL_CONTRACT_TLS_CERT_FILE: /^.+$/,
} as const;
type Name = keyof typeof known;

/**
 * Reads the environment. Names that are not known are left alone: a cluster puts its own there, such as GUILDHALL_SERVICE_HOST for a
 * Service that is called guildhall, or the local cluster's GUILDHALL_POD_PROCESS.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const optional = (name: Name): string | undefined => {
    const value = environment[name];
    if (value !== undefined && !known[name].test(value))
      throw new SettingsError(`${name} must match ${known[name].source}; it is "${value}"`);
    return value;
  };
  const required = (name: Name): string => {
    const value = optional(name);
    if (value === undefined) throw new SettingsError(`${name} is not set`);
    return value;
  };
  const keyFile = optional('GUILDHALL_CONTRACT_TLS_KEY_FILE');
  const certFile = optional('GUILDHALL_CONTRACT_TLS_CERT_FILE');
  if ((keyFile === undefined) !== (certFile === undefined))
    throw new SettingsError('GUILDHALL_CONTRACT_TLS_KEY_FILE and GUILDHALL_CONTRACT_TLS_CERT_FILE go together');
  return {
    artifactDigest: required('GUILDHALL_ARTIFACT_DIGEST'),
    artifactUrl: required('GUILDHALL_ARTIFACT_URL'),
    artifactCache: required('GUILDHALL_ARTIFACT_CACHE'),
    contractAddress: required('GUILDHALL_CONTRACT_ADDRESS'),
    packageId: required('GUILDHALL_PACKAGE_ID'),
    healthAddress: hostAndPort(required('GUILDHALL_HEALTH_ADDRESS')),
    callLimitMs: Number(optional('GUILDHALL_CALL_LIMIT_MS') ?? 2000),
    tls: keyFile !== undefined && certFile !== undefined ? { keyFile, certFile } : undefined,
  };
}

function hostAndPort(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) };
}
