import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createOperations } from '../../src/operations/index.ts';
import { createParticipation, type Participation } from '../../src/participation/index.ts';
import type { HttpEndpoint, NodeEndpoint } from '../../src/transport/index.ts';
import { subjectOf, writeFiles, type TestMember } from './member.ts';
import { fabricPrograms } from './programs.ts';
import { listens, startProcess, until, type RunningProcess } from './process.ts';

export interface TestOrderer {
  readonly host: string;
  readonly port: number;
  readonly member: TestMember;
  readonly identityCertificate: string;
  /** Without the issuing CA: what goes into the consenter set. */
  readonly tlsCertificate: string;
  readonly endpoint: NodeEndpoint;
  readonly admin: HttpEndpoint;
  readonly operations: HttpEndpoint;
  readonly participation: Participation;
  /** Files that osnadmin needs. */
  readonly adminFiles: { readonly ca: string; readonly certificate: string; readonly key: string };
  readonly process: () => RunningProcess;
  start(): Promise<void>;
}

export async function createOrderer({
  folder,
  name,
  host,
  member,
}: {
  folder: string;
  name: string;
  host: string;
  member: TestMember;
}): Promise<TestOrderer> {
  const home = join(folder, name);
  const identity = await member.signing.issue(subjectOf(name, 'orderer'), 'identity');
  const tls = await member.tls.issue(subjectOf(name, 'orderer'), 'tls', { addresses: [host] });
  const adminClient = await member.adminEndpoint.issue(subjectOf('operator', 'client'), 'tls');
  await mkdir(join(home, 'data'), { recursive: true });
  await member.writeMsp(join(home, 'msp'), identity);
  await writeFiles(home, {
    'tls/cert.pem': tls.certificate + member.tls.issuing,
    'tls/key.pem': tls.key,
    'tls/root.pem': member.tls.root,
    'tls/admin-root.pem': member.adminEndpoint.root,
    'tls/admin-cert.pem': adminClient.certificate + member.adminEndpoint.issuing,
    'tls/admin-key.pem': adminClient.key,
  });
  const operations: HttpEndpoint = { url: `http://${host}:8443` };
  const admin: HttpEndpoint = {
    url: `https://${host}:9443`,
    tlsRoots: [member.tls.root],
    client: { certificate: adminClient.certificate + member.adminEndpoint.issuing, key: adminClient.key },
  };
  let running: RunningProcess | undefined;
  const process = (): RunningProcess => {
    if (!running) throw new Error(`${name} was not started`);
    return running;
  };
  return {
    host,
    port: 7050,
    member,
    identityCertificate: identity.certificate,
    tlsCertificate: tls.certificate,
    endpoint: { address: `${host}:7050`, tlsRoots: [member.tls.root], mspId: member.mspId },
    admin,
    operations,
    participation: createParticipation(admin),
    adminFiles: { ca: join(home, 'tls/root.pem'), certificate: join(home, 'tls/admin-cert.pem'), key: join(home, 'tls/admin-key.pem') },
    process,
    async start() {
      running = startProcess({
        name,
        program: fabricPrograms().path('orderer'),
        env: environment(home, host, member.mspId),
        logFile: join(home, 'log'),
      });
      await until(`${name} is healthy`, async () => (await createOperations(operations).health(), listens(host, 7050)), {
        process: running,
      });
    },
  };
}

function environment(home: string, host: string, mspId: string): Record<string, string> {
  const tls = { cert: join(home, 'tls/cert.pem'), key: join(home, 'tls/key.pem'), root: join(home, 'tls/root.pem') };
  return {
    FABRIC_CFG_PATH: fabricPrograms().configDir,
    FABRIC_LOGGING_SPEC: 'info',
    ORDERER_GENERAL_LISTENADDRESS: host,
    ORDERER_GENERAL_LISTENPORT: '7050',
    ORDERER_GENERAL_LOCALMSPID: mspId,
    ORDERER_GENERAL_LOCALMSPDIR: join(home, 'msp'),
    ORDERER_GENERAL_BOOTSTRAPMETHOD: 'none',
    ORDERER_GENERAL_TLS_ENABLED: 'true',
    ORDERER_GENERAL_TLS_CERTIFICATE: tls.cert,
    ORDERER_GENERAL_TLS_PRIVATEKEY: tls.key,
    ORDERER_GENERAL_TLS_ROOTCAS: `[${tls.root}]`,
    ORDERER_GENERAL_CLUSTER_CLIENTCERTIFICATE: tls.cert,
    ORDERER_GENERAL_CLUSTER_CLIENTPRIVATEKEY: tls.key,
    ORDERER_GENERAL_CLUSTER_ROOTCAS: `[${tls.root}]`,
    ORDERER_GENERAL_CLUSTER_RPCTIMEOUT: '1s',
    ORDERER_GENERAL_BACKOFF_MAXDELAY: '1s',
    ORDERER_FILELEDGER_LOCATION: join(home, 'data/ledger'),
    ORDERER_CONSENSUS_WALDIR: join(home, 'data/wal'),
    ORDERER_CONSENSUS_SNAPDIR: join(home, 'data/snap'),
    ORDERER_ADMIN_LISTENADDRESS: `${host}:9443`,
    ORDERER_ADMIN_TLS_ENABLED: 'true',
    ORDERER_ADMIN_TLS_CERTIFICATE: tls.cert,
    ORDERER_ADMIN_TLS_PRIVATEKEY: tls.key,
    ORDERER_ADMIN_TLS_CLIENTAUTHREQUIRED: 'true',
    ORDERER_ADMIN_TLS_CLIENTROOTCAS: `[${join(home, 'tls/admin-root.pem')}]`,
    ORDERER_OPERATIONS_LISTENADDRESS: `${host}:8443`,
    ORDERER_METRICS_PROVIDER: 'prometheus',
    ORDERER_CHANNELPARTICIPATION_ENABLED: 'true',
  };
}
