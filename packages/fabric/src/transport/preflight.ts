import { createHash } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls';
import { createLookups } from './lookups.ts';

/** The stations of the way to a node, in their order. */
export type Hop = 'name' | 'connection' | 'handshake' | 'certificate';

export type Preflight = { reached: true } | { reached: false; hop: Hop; why: string; next: string };

export interface PreflightTarget {
  host: string;
  port: number;
  /** SHA-256 of the certificate that the node itself shows, in hexadecimal digits. */
  certificate: string;
}

class Failed extends Error {
  readonly hop: Hop;
  readonly next: string;
  constructor(hop: Hop, message: string, next: string) {
    super(message);
    this.hop = hop;
    this.next = next;
  }
}

/**
 * Goes the way that a client goes, up to the node's certificate, and says at which hop it ends. No hop takes longer than `timeoutMs`. Rejects only when the
 * signal is aborted.
 */
export async function preflight(target: PreflightTarget, { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal }): Promise<Preflight> {
  const limit = (): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const address = await resolve(target, limit());
    const socket = await open(target, address, limit());
    try {
      check(target, await shake(target, socket, limit()));
    } finally {
      socket.destroy();
    }
    return { reached: true };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failed) return { reached: false, hop: error.hop, why: error.message, next: error.next };
    throw error;
  }
}

const said = (error: unknown): string => (error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error));

/** Settles as the promise does, or when the signal is aborted: what cannot be aborted itself is left. */
const within = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  Promise.race([
    promise,
    new Promise<never>((_resolve, reject) => {
      const late = (): void => reject(new Error('no answer in time'));
      if (signal.aborted) late();
      else signal.addEventListener('abort', late, { once: true });
    }),
  ]);

/** Of the four threads of a process (UV_THREADPOOL_SIZE); by the system, so that its hosts file counts as it does for clients. */
const addressOf = createLookups((host) => lookup(host), 2);

async function resolve({ host }: PreflightTarget, signal: AbortSignal): Promise<string> {
  if (isIP(host) !== 0) return host;
  try {
    return await within(addressOf(host, signal), signal);
  } catch (error) {
    throw new Failed('name', `The name ${host} leads to no address (${said(error)}).`, 'Add it to the DNS, or an entry *.<domain> for all nodes.');
  }
}

async function open({ port }: PreflightTarget, address: string, signal: AbortSignal): Promise<Socket> {
  const socket = connectTcp({ host: address, port });
  try {
    await event(socket, 'connect', signal);
    return socket;
  } catch (error) {
    socket.destroy();
    throw new Failed('connection', `No connection to ${address} port ${port} (${said(error)}).`, 'See whether the name leads to the right machine, and whether a firewall between lets this port pass.');
  }
}

async function shake({ host, port }: PreflightTarget, socket: Socket, signal: AbortSignal): Promise<TLSSocket> {
  // Whose certificate it is is judged afterwards, by the one that the node has.
  const secure = connectTls({ socket, rejectUnauthorized: false, ALPNProtocols: ['h2'], ...(isIP(host) === 0 ? { servername: host } : {}) });
  try {
    await event(secure, 'secureConnect', signal);
    return secure;
  } catch (error) {
    throw new Failed('handshake', `What listens at ${host} port ${port} does not speak TLS for this name (${said(error)}).`, 'Let what stands before the node pass TLS through as it is, by the name that is asked for (SNI).');
  }
}

function check({ host, port, certificate }: PreflightTarget, secure: TLSSocket): void {
  const shown = secure.getPeerX509Certificate();
  const subject = shown?.subject.replaceAll('\n', ', ') ?? 'nobody';
  if (shown === undefined || createHash('sha256').update(shown.raw).digest('hex') !== certificate)
    throw new Failed('certificate', `At ${host} port ${port} another server answers: its certificate is of ${subject}.`, 'What stands before the node ends TLS itself, or leads elsewhere: let it pass TLS through to this node.');
  const foreign = checkServerIdentity(host, shown.toLegacyObject());
  if (foreign !== undefined) throw new Failed('certificate', `The node's certificate is not for the name ${host}.`, "Delete the node's CertificateRequest for TLS: another certificate is made, and the node starts again with it.");
}

function event(socket: Socket, name: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return within(
    new Promise((resolveEvent, reject) => {
      socket.once(name, resolveEvent);
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('it was closed')));
    }),
    signal,
  );
}
