import { createServer, type Server } from 'node:http';

export interface Health {
  readonly ready: boolean;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Answers GET /healthz with 200 once the contract is served, 503 before and while it stops. */
export async function serveHealth(address: { readonly host: string; readonly port: number }, health: () => Health): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/healthz') {
      response.writeHead(404).end();
      return;
    }
    const { ready, detail } = health();
    response
      .writeHead(ready ? 200 : 503, { 'content-type': 'application/json' })
      .end(JSON.stringify({ status: ready ? 'ok' : 'unavailable', ...detail }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server;
}
