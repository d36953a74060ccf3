import { once } from 'node:events';
import { createServer } from 'node:net';

export class AddressTakenError extends Error {
  override name = 'AddressTakenError';
}

/** What is wrong with an address that could not be listened on, and what to do; undefined when the error is another one. */
export function addressProblem(error: unknown, host: string, port: number): AddressTakenError | undefined {
  const told = (message: string): AddressTakenError => new AddressTakenError(message, { cause: error });
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return told(`Port ${port} of ${host} is taken by another program: end that one, or set GUILDHALL_PORT to a free one (0 takes any)`);
    case 'EACCES':
      return told(`This account may not listen on port ${port}: set GUILDHALL_PORT to one above 1023`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return told(`${host} is not an address of this machine: set GUILDHALL_HOST to one that is, such as 127.0.0.1`);
    default:
      return undefined;
  }
}

/** Asked before anything is started, so that a wrong port costs nothing. */
export async function requireFreeAddress(host: string, port: number): Promise<void> {
  const server = createServer();
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw addressProblem(error, host, port) ?? error;
  }
  server.close();
  await once(server, 'close');
}
