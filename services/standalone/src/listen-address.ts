import { once } from 'node:events';
import { createServer } from 'node:net';

export class AddressTakenError extends Error {
  override name = 'AddressTakenError';
}

/** Asked before anything is started, so that a wrong port costs nothing. */
export async function requireFreeAddress(host: string, port: number): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') throw new AddressTakenError(`Port ${port} of ${host} is taken by another program: end that one, or set GUILDHALL_PORT to a free one (0 takes any)`);
    if (code === 'EACCES') throw new AddressTakenError(`This account may not listen on port ${port}: set GUILDHALL_PORT to one above 1023`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new AddressTakenError(`${host} is not an address of this machine: set GUILDHALL_HOST to one that is, such as 127.0.0.1`);
    throw error;
  }
  server.close();
  await once(server, 'close');
}
