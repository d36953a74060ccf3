import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach } from 'node:test';
import { inspect } from 'node:util';
import {
  customResourceDefinitions,
  namespaces,
  systemClock,
  type Clock,
  type KubernetesClient,
  type KubernetesObject,
  type Logger,
  type ResourceType,
} from '@guildhall/kubernetes';
import { createInMemoryCluster, systemPrincipal, type Cluster } from '@guildhall/local-cluster';
import { createCertificateRequest, createSigner, generateKeyPair } from '@guildhall/pki';
import {
  certificateRequest,
  componentRoles,
  consortium,
  contract,
  contractInstallation,
  crd,
  fieldManagers,
  kinds,
  member,
  rulesWithNamespaces,
  specDigest,
  type CertificateRequest,
  type Member,
  type SigningRequest,
} from '@guildhall/resources';
import { createCertificateAuthority } from '../src/index.ts';
import { startBackend, type Backend } from './fixtures.ts';

export const namespace = 'gh-demo--bank';
export let backend: Backend;
export let cluster: Cluster;
export let client: KubernetesClient;
let running: RunningAuthority[] = [];
const logged: string[] = [];
const log = (fields: object, message: string): void => void logged.push(inspect(fields, { depth: 8 }) + message);
const logger: Logger = { debug: log, info: log, warn: log, error: log, child: () => logger };

/** Gives each test of the file a cluster of its own and ends the processes that it started; no private key may show in their logs. */
export function useAuthority(): void {
  before(async () => {
    backend = await startBackend();
  });
  after(() => backend.stop());
  after(() => {
    assert(logged.length > 0);
    for (const line of logged) assert(!line.includes('PRIVATE'), `a log line holds a private key: ${line}`);
  });

  beforeEach(async () => {
    cluster = await createInMemoryCluster({
      clock: systemClock,
      ids: { uid: () => crypto.randomUUID(), suffix: () => crypto.randomUUID().slice(0, 5) },
    });
    client = cluster.connect(systemPrincipal, { fieldManager: 'tester' });
    for (const kind of kinds) await client.apply(customResourceDefinitions, crd(kind) as never);
    for (const name of ['gh-demo', namespace]) await client.create(namespaces, { metadata: { name } });
  });
  afterEach(async () => {
    await Promise.all(running.map((process) => process.stop()));
    running = [];
  });
}

export interface RunningAuthority {
  stop(): Promise<void>;
  health: ReturnType<typeof createCertificateAuthority>['health'];
}

/** One process of the service, with the rights of its role and no more. */
export function start({ databaseUrl = backend.url, clock = systemClock }: { databaseUrl?: string; clock?: Clock } = {}): RunningAuthority {
  const rules = rulesWithNamespaces(componentRoles.certificateAuthority);
  const own = cluster.connect({ name: 'certificate-authority', rules }, { fieldManager: fieldManagers.certificateAuthority });
  const authority = createCertificateAuthority({ databaseUrl, client: own, openKey: () => Promise.resolve(backend.keyEncryptionKey), logger, clock });
  const stopping = new AbortController();
  const ended = authority.start(stopping.signal);
  const handle = {
    health: () => authority.health(),
    async stop() {
      stopping.abort();
      await ended;
    },
  };
  running.push(handle);
  return handle;
}

export const applyMember = (): Promise<Member> =>
  client.apply(member.type, {
    metadata: { namespace, name: 'bank' },
    spec: { consortium: { namespace: 'gh-demo', name: 'demo' }, mspId: 'BankMSP', roles: ['endorsing'], applicationRoles: ['bank'] },
  });

/** Follows one object until it is as it should be. */
export async function until<T extends KubernetesObject>(type: ResourceType<T>, name: string, good: (object: T) => boolean): Promise<T> {
  const stopping = new AbortController();
  try {
    const { resourceVersion } = await client.list(type, { namespace });
    const now = await client.get(type, { namespace, name });
    if (now !== undefined && good(now)) return now;
    for await (const event of client.watch(type, { namespace, resourceVersion, signal: stopping.signal })) {
      if (event.type !== 'BOOKMARK' && event.object.metadata.name === name && good(event.object)) return event.object;
    }
    throw new Error('the watch ended');
  } finally {
    stopping.abort();
  }
}

export const standing = (object: CertificateRequest | SigningRequest): string =>
  object.status?.conditions
    ?.map(({ type, status, reason }) => `${type}=${status}:${reason}`)
    .toSorted()
    .join(' ') ?? '';

export async function ask(
  name: string,
  spec: Omit<CertificateRequest['spec'], 'csr'>,
  requestLabels: Record<string, string> = {},
): Promise<CertificateRequest> {
  const csr = await createCertificateRequest(
    { subject: [{ type: 'CN', value: 'x' }] },
    createSigner((await generateKeyPair()).privateKeyPem),
  );
  return client.create(certificateRequest.type, { metadata: { namespace, name, labels: requestLabels }, spec: { ...spec, csr } });
}

/** The member's consent to install and approve a contract, and all that it refers to. */
export async function consentToContract(): Promise<SigningRequest['spec']['intent']> {
  await applyMember();
  await client.apply(consortium.type, {
    metadata: { namespace: 'gh-demo', name: 'demo' },
    spec: { ledger: { engine: 'fabric', version: '3.1' }, members: [{ name: 'bank', mspId: 'BankMSP', namespace }] },
  });
  const agreed = await client.apply(contract.type, {
    metadata: { namespace: 'gh-demo', name: 'receivable' },
    spec: { channel: 'trade', version: '1.0.0', artifactDigest: `sha256:${'a1'.repeat(32)}` },
  });
  const consent = await client.apply(contractInstallation.type, {
    metadata: { namespace, name: 'receivable' },
    spec: {
      contract: { namespace: 'gh-demo', name: 'receivable' },
      contractDigest: specDigest(agreed.spec),
      artifactDigest: agreed.spec.artifactDigest,
      peers: ['peer0'],
    },
  });
  const { name, uid = '', generation = 0 } = consent.metadata;
  return { kind: 'ContractInstallation', name, uid, generation, digest: specDigest(consent.spec) };
}
