import { connect, type TLSSocket } from 'node:tls';
import type { InstanceInspection, InstancePort } from '../ports/fabric.ts';

const ill = (why: string, silent = false): InstanceInspection => ({ healthy: false, why, silent });

const description = 'docs/contract-images.md says what a contract is given';

/** A handshake and no more: what a call would say, only its contract knows. */
export const greetInstance: InstancePort['greet'] = async ({ address, tlsRoots }, { timeoutMs, signal }) => {
  signal.throwIfAborted();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(address) ?? [];
  const socket = connect({ host, port: Number(port), ca: [...tlsRoots], ALPNProtocols: ['h2'] });
  const end = (): void => void socket.destroy();
  limit.addEventListener('abort', end, { once: true });
  try {
    const failure = await greeted(socket);
    if (signal.aborted) throw signal.reason;
    if (limit.aborted) return ill(`it does not answer within ${timeoutMs} ms`, true);
    if (failure !== undefined) return ill(inWords(failure, port));
    if (socket.alpnProtocol !== 'h2') return ill(`what listens at port ${port} does not speak gRPC; ${description}`);
    return { healthy: true, why: '', silent: false };
  } finally {
    limit.removeEventListener('abort', end);
    end();
  }
};

/** Why there was no handshake; undefined when there was one. */
const greeted = (socket: TLSSocket): Promise<NodeJS.ErrnoException | undefined> =>
  new Promise((resolve) => {
    socket.once('secureConnect', () => resolve(undefined));
    socket.once('close', () => resolve(new Error('it closes the connection')));
    // Not once: an error behind the first would end the process.
    socket.on('error', resolve);
  });

function inWords({ code = '', message }: NodeJS.ErrnoException, port: string): string {
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH)$/.test(code)) return `nothing listens at its port ${port} yet; if that stays so, ${description}`;
  if (/CERT|ISSUER|SIGNATURE|ALTNAME/.test(code)) return `it shows another certificate than it was given (${message}); ${description}`;
  return `what listens at port ${port} does not speak TLS (${message}); ${description}`;
}
