import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LocalClusterError } from '../../errors.ts';
import { hasCode, keepFile, parseIfWhole, readIfThere } from '../files.ts';
import { listTcpListeners } from '../process/listeners.ts';
import { withMachineLock } from './machine-lock.ts';

/** What makes one local cluster that cluster; kept in its home for as long as that exists. */
export interface ClusterIdentity {
  readonly id: string;
  /** The second byte of its loopback network: 127.<network>.0.0/16. */
  readonly network: number;
}

const identitySchema = z.object({ id: z.string(), network: z.int() });
const reservationSchema = identitySchema.extend({ home: z.string() });
type Reservation = z.infer<typeof reservationSchema>;

export interface NetworkOptions {
  readonly home: string;
  /** Folder that all local clusters of this machine share, whoever runs them. */
  readonly registry: string;
}

/** Survives a restart of the machine, as the clusters and their addresses do. */
export const defaultRegistry = '/var/tmp/guildhall-addresses';

/** 127.0 is the machine's own, and resolvers like to sit in 127.1. */
const firstNetwork = 2;
const lastNetwork = 254;

/**
 * Takes a loopback network for the cluster that lives in `home`, at its first start, and the same one ever after: addresses
 * stand in certificates and in ledgers. A reservation holds as long as its home says the same, whether or not the
 * cluster runs; one whose home is gone is free again.
 */
export function claimNetwork({ home, registry }: NetworkOptions): Promise<ClusterIdentity> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  makeShared(registry);
  const own = realpathSync(home);
  return withMachineLock('addresses', () => {
    const identity = readIdentity(own);
    if (identity === undefined) return choose(registry, own);
    const holder = holderOf(registry, identity.network);
    if (holder !== undefined && holder.home !== own) {
      throw new LocalClusterError(
        'NETWORK_TAKEN',
        `the addresses of the local cluster in ${own} (127.${identity.network}.0.0/16) are held by the one in ${holder.home}`,
      );
    }
    if (holder === undefined && !reserve(registry, own, identity)) {
      throw new LocalClusterError(
        'NETWORK_TAKEN',
        `the addresses of the local cluster in ${own} (127.${identity.network}.0.0/16) are reserved by another user of this machine in ${reservationFile(registry, identity.network)}`,
      );
    }
    return identity;
  });
}

function choose(registry: string, home: string): ClusterIdentity {
  const inUse = new Set(listTcpListeners().map((it) => it.address.split('.').slice(0, 2).join('.')));
  const holders: string[] = [];
  for (let network = firstNetwork; network <= lastNetwork; network++) {
    const holder = holderOf(registry, network);
    if (holder !== undefined) holders.push(holder.home);
    if (holder !== undefined || inUse.has(`127.${network}`)) continue;
    const identity = { id: randomUUID(), network };
    if (!reserve(registry, home, identity)) continue;
    keepFile(identityFile(home), JSON.stringify(identity));
    return identity;
  }
  throw new LocalClusterError('NO_NETWORK_FREE', `every loopback network is taken, among others by ${holders.slice(0, 5).join(', ')}`);
}

/** False when another user reserved the network: whether or not it is still used, nobody else can take it over. */
function reserve(registry: string, home: string, identity: ClusterIdentity): boolean {
  const reservation: Reservation = { ...identity, home };
  try {
    const file = reservationFile(registry, identity.network);
    keepFile(file, JSON.stringify(reservation), 0o644);
    chmodSync(file, 0o644); // whatever the umask is: other users read it
    return true;
  } catch (error) {
    if (hasCode(error, 'EPERM')) return false;
    throw error;
  }
}

/** Whose network it is; undefined when it is nobody's. */
function holderOf(registry: string, network: number): Reservation | undefined {
  const file = reservationFile(registry, network);
  let text: string | undefined;
  try {
    text = readIfThere(file);
  } catch (error) {
    // Another user's, who keeps it from us: taken, by whomever.
    if (hasCode(error, 'EACCES', 'EPERM')) return { id: '', network, home: `another user (${file})` };
    throw error;
  }
  const { data: reservation } = reservationSchema.safeParse(parseIfWhole(text));
  if (reservation === undefined) return undefined;
  try {
    const identity = readIdentity(reservation.home);
    return identity?.id === reservation.id && identity.network === network ? reservation : undefined;
  } catch (error) {
    // Another user's home that we may not look into, or one that is damaged: taken at its word.
    if (error instanceof LocalClusterError || hasCode(error, 'EACCES', 'EPERM')) return reservation;
    throw error;
  }
}

/** The cluster that lives in a home; undefined before its first start. */
export function readIdentity(home: string): ClusterIdentity | undefined {
  const text = readIfThere(identityFile(home));
  if (text === undefined) return undefined;
  const { data: identity } = identitySchema.safeParse(parseIfWhole(text));
  if (identity !== undefined) return identity;
  throw new LocalClusterError('START_FAILED', `${identityFile(home)} is damaged, and with it the addresses of the cluster: restore it from a backup`);
}

function identityFile(home: string): string {
  return join(home, 'cluster.json');
}

function reservationFile(registry: string, network: number): string {
  return join(registry, `${network}.json`);
}

/** As /tmp: everybody may add, nobody may remove another's. */
function makeShared(registry: string): void {
  mkdirSync(registry, { recursive: true });
  try {
    chmodSync(registry, 0o1777);
  } catch (error) {
    if (!hasCode(error, 'EPERM')) throw error; // made, and opened, by another user
  }
}
