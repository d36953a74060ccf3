import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { createClient, createController, createInformer, createManager, done, services, timestamp, type Condition, type KubernetesObject, type ResourceType, type Service } from '@guildhall/kubernetes';
import { serverNameOf } from './client-hello.ts';

/*
 * What a gateway does with TLSRoutes whose TLS it passes through, and no more: it looks at the name that a client asks for, and joins its connection with one to the
 * Service that a route of its own Gateway names for it. Like any, it says of each such route whether it takes it: it does when the name is of its listener's. Arguments: a file with
 * the cluster's address, and the port to listen at.
 */

interface TlsRoute extends KubernetesObject {
  spec: { parentRefs: { namespace?: string; name: string }[]; hostnames: string[]; rules: { backendRefs: { name: string; port: number }[] }[] };
  status?: { parents: { parentRef: TlsRoute['spec']['parentRefs'][number]; controllerName: string; conditions: Condition[] }[] };
}
const tlsRoutes: ResourceType<TlsRoute> = { group: 'gateway.networking.k8s.io', version: 'v1alpha3', kind: 'TLSRoute', plural: 'tlsroutes', namespaced: true };

const [, , accessFile = '', port = ''] = process.argv;
const { gateway, ...access } = JSON.parse(readFileSync(accessFile, 'utf8')) as { server: string; token: string; certificateAuthority: string; gateway: { namespace: string; name: string; listener: { hostname: string } } };
const client = createClient({ ...access, fieldManager: 'guildhall-test-gateway' });
const routes = createInformer(client, tlsRoutes);
const backends = createInformer<Service>(client, services);

const parentOf = ({ metadata, spec }: TlsRoute): TlsRoute['spec']['parentRefs'][number] | undefined =>
  spec.parentRefs.find((each) => each.name === gateway.name && (each.namespace ?? metadata.namespace) === gateway.namespace);
const isOfListener = (name: string): boolean => name.endsWith(gateway.listener.hostname.slice(1));

function backendOf(name: string): { host: string; port: number } | undefined {
  const route = routes.list().find((each) => each.spec.hostnames.includes(name) && isOfListener(name) && parentOf(each) !== undefined);
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

const controllerName = 'guildhall.test/gateway';

/** What a gateway says of a route of its own (Gateway API, RouteParentStatus). */
async function say(route: TlsRoute): Promise<void> {
  const parentRef = parentOf(route);
  if (parentRef === undefined) return;
  const { namespace = '', name, generation = 1 } = route.metadata;
  const takes = route.spec.hostnames.some(isOfListener);
  const last = route.status?.parents.find((each) => each.controllerName === controllerName)?.conditions.find(({ type }) => type === 'Accepted');
  if (last?.observedGeneration === generation && last.status === (takes ? 'True' : 'False')) return;
  const common = { message: takes ? '' : `no listener for ${route.spec.hostnames.join()}`, observedGeneration: generation, lastTransitionTime: timestamp(Date.now()) };
  const conditions: Condition[] = [
    { type: 'Accepted', status: takes ? 'True' : 'False', reason: takes ? 'Accepted' : 'NoMatchingListenerHostname', ...common },
    { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs', ...common },
  ];
  await client.applyStatus(tlsRoutes, { metadata: { namespace, name }, status: { parents: [{ parentRef, controllerName, conditions }] } }, { force: true });
}
const controller = createController({
  name: 'routes',
  type: tlsRoutes,
  informer: routes,
  reconcile: async ({ namespace, name }) => {
    const route = routes.get(namespace, name);
    if (route !== undefined) await say(route);
    return done;
  },
});

const forEver = new AbortController().signal;
backends.start(forEver);
void createManager({ controllers: [controller] }).run(forEver);
createServer(serve).listen(Number(port), '0.0.0.0');
