import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { LocalClusterError } from '../../errors.ts';
import { hasCode, readIfThere, replaceFile } from '../files.ts';
import { listTcpListeners } from '../process/listeners.ts';
import { withMachineLock } from './machine-lock.ts';

/** What makes one local cluster that cluster; kept in its home for as long as that exists. */
export interface ClusterIdentity {
  readonly id: string;
  /** The second byte of its loopback network: 127.<network>.0.0/16. */
  readonly network: number;
}

interface Reservation extends ClusterIdentity {
  readonly home: string;
}

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
    if (identity === undefined) return reserve(registry, own, choose(registry));
    const holder = holderOf(registry, identity.network);
    if (holder !== undefined && holder.home !== own) {
      throw new LocalClusterError(
        'NETWORK_TAKEN',
        `the addresses of the local cluster in ${own} (127.${identity.network}.0.0/16) are held by the one in ${holder.home}`,
      );
    }
    return reserve(registry, own, identity);
  });
}

function choose(registry: string): ClusterIdentity {
  const inUse = new Set(listTcpListeners().map((it) => it.address.split('.').slice(0, 2).join('.')));
  const holders: string[] = [];
  for (let network = firstNetwork; network <= lastNetwork; network++) {
    const holder = holderOf(registry, network);
    if (holder !== undefined) holders.push(holder.home);
    else if (!inUse.has(`127.${network}`)) return { id: randomUUID(), network };
  }
  throw new LocalClusterError('NO_NETWORK_FREE', `every loopback network is taken, among others by ${holders.slice(0, 5).join(', ')}`);
}

function reserve(registry: string, home: string, identity: ClusterIdentity): ClusterIdentity {
  const reservation: Reservation = { ...identity, home };
  replaceFile(reservationFile(registry, identity.network), JSON.stringify(reservation), 0o644);
  replaceFile(identityFile(home), JSON.stringify(identity));
  return identity;
}

/** Whose network it is; undefined when it is nobody's. */
function holderOf(registry: string, network: number): Reservation | undefined {
  const text = readIfThere(reservationFile(registry, network));
  if (text === undefined) return undefined;
  const reservation = JSON.parse(text) as Reservation;
  try {
    const identity = readIdentity(reservation.home);
    return identity?.id === reservation.id && identity.network === network ? reservation : undefined;
  } catch (error) {
    // Another user's home that we may not look into: taken at its word.
    if (hasCode(error, 'EACCES', 'EPERM')) return reservation;
    throw error;
  }
}

/** The cluster that lives in a home; undefined before its first start. */
export function readIdentity(home: string): ClusterIdentity | undefined {
  const text = readIfThere(identityFile(home));
  return text === undefined ? undefined : (JSON.parse(text) as ClusterIdentity);
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
