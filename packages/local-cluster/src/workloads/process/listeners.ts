import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { hasCode } from '../files.ts';
import { isGone } from './identity.ts';

export interface Listener {
  /** IPv4 address in dotted form; `0.0.0.0` for one that listens on all addresses, of either family. */
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

const listening = '0A';

/**
 * Whether somebody listens on a port of an IPv4 address, or on that port of all addresses. It is tried: the kernel's table takes tenths of a
 * second to read on a machine with many connections, those that ended a minute ago among them.
 */
export async function isTaken(address: string, port: number): Promise<boolean> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen({ host: address, port, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    if (hasCode(error, 'EADDRINUSE')) return true;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return false;
}

/** Every TCP port of this machine that somebody listens on and that an IPv4 loopback address can meet (proc_net(5)). */
export function listTcpListeners(): Listener[] {
  return [...parse('/proc/net/tcp', addressV4), ...parse('/proc/net/tcp6', addressV6)];
}

/** Who holds a port of an address, listening there or on all addresses. */
export function findListener(listeners: readonly Listener[], address: string, port: number): Listener | undefined {
  return listeners.find((it) => it.port === port && (it.address === address || it.address === '0.0.0.0'));
}

/** The process that holds a listener, when it is one that this user may look into. */
export function findOwner(listener: Listener): { pid: number; name: string } | undefined {
  const target = `socket:[${listener.inode}]`;
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    try {
      const holds = readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === target);
      if (holds) return { pid, name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim() };
    } catch (error) {
      // A process or descriptor that went meanwhile, or another user's: the search goes on with the others.
      if (!isGone(error) && !hasCode(error, 'EACCES')) throw error;
    }
  }
  return undefined;
}

function parse(file: string, toAddress: (hex: string) => string | undefined): Listener[] {
  let table: string;
  try {
    table = readFileSync(file, 'latin1');
  } catch (error) {
    if (isGone(error)) return []; // a kernel without IPv6 has no tcp6
    throw error;
  }
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, local = '', , state, , , , , , inode = '']) => {
      const [hex = '', port = ''] = local.split(':');
      const address = state === listening ? toAddress(hex) : undefined;
      return address === undefined ? [] : [{ address, port: Number.parseInt(port, 16), inode }];
    });
}

/** The kernel prints the address as a number of the host's byte order; only little-endian machines run Node.js today. */
function addressV4(hex: string): string {
  return Buffer.from(hex, 'hex').reverse().join('.');
}

function addressV6(hex: string): string | undefined {
  if (/^0+$/.test(hex)) return '0.0.0.0';
  const mapped = /^0{16}FFFF0000([0-9A-F]{8})$/.exec(hex)?.[1];
  return mapped === undefined ? undefined : addressV4(mapped);
}
