import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { createClient, createInformer, services, type KubernetesObject, type ResourceType, type Service } from '@guildhall/kubernetes';
import { serverNameOf } from './client-hello.ts';

/*
 * What a gateway does with TLSRoutes whose TLS it passes through, and no more: it looks at the name that a client asks for, and joins its connection with one to the
 * Service that a route of its own Gateway names for it. Arguments: a file with the cluster's address, and the port to listen at.
 */

interface TlsRoute extends KubernetesObject {
  spec: { parentRefs: { namespace?: string; name: string }[]; hostnames: string[]; rules: { backendRefs: { name: string; port: number }[] }[] };
}
const tlsRoutes: ResourceType<TlsRoute> = { group: 'gateway.networking.k8s.io', version: 'v1alpha3', kind: 'TLSRoute', plural: 'tlsroutes', namespaced: true };

const [, , accessFile = '', port = ''] = process.argv;
const { gateway, ...access } = JSON.parse(readFileSync(accessFile, 'utf8')) as { server: string; token: string; certificateAuthority: string; gateway: { namespace: string; name: string } };
const client = createClient({ ...access, fieldManager: 'guildhall-test-gateway' });
const routes = createInformer(client, tlsRoutes);
const backends = createInformer<Service>(client, services);

function backendOf(name: string): { host: string; port: number } | undefined {
  const route = routes.list().find(({ metadata, spec }) => spec.hostnames.includes(name) && spec.parentRefs.some((each) => each.name === gateway.name && (each.namespace ?? metadata.namespace) === gateway.namespace));
  const backend = route?.spec.rules[0]?.backendRefs[0];
  const host = backend && backends.get(route.metadata.namespace, backend.name)?.spec.clusterIP;
  return backend === undefined || host === undefined ? undefined : { host, port: backend.port };
}

function serve(socket: Socket): void {
  let said = Buffer.alloc(0);
  const end = (): void => void socket.destroy();
  socket.on('error', end);
  const listen = (bytes: Buffer): void => {
    said = Buffer.concat([said, bytes]);
    const name = serverNameOf(said);
    if (name === undefined) return;
    socket.removeListener('data', listen);
    const backend = backendOf(name);
    if (backend === undefined) return end();
    const onward = connect(backend);
    onward.on('error', end).on('close', end);
    socket.on('close', () => onward.destroy());
    onward.write(said);
    socket.pipe(onward).pipe(socket);
  };
  socket.on('data', listen);
}

const forEver = new AbortController().signal;
routes.start(forEver);
backends.start(forEver);
createServer(serve).listen(Number(port), '0.0.0.0');
