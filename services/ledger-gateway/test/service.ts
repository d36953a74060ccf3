import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** As a Service of Kubernetes: new connections go where they are to, and open ones can be cut. */
export interface Service {
  readonly url: string;
  to(port: number): void;
  cut(): void;
  /** Open connections pass nothing more, and nobody is told: as of a node that lost its power. */
  silence(): void;
  close(): void;
}

export async function startService(target: number): Promise<Service> {
  let port = target;
  const open = new Set<Socket>();
  const service = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
        open.delete(socket);
      });
    }
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `https://localhost:${(service.address() as AddressInfo).port}`,
    to: (other) => (port = other),
    cut,
    silence: () => {
      for (const socket of open) socket.unpipe();
    },
    close: () => {
      service.close();
      cut();
    },
  };
}
