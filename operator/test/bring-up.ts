// Brings a network up on real programs and prints when each stage was reached: node operator/test/bring-up.ts [folder with Fabric's programs]
import { catalogueEntry as receivable } from '@guildhall/contract-receivable';
import { buildContract } from '@guildhall/contract-runner';
import { createInformer, type Informer, type KubernetesObject } from '@guildhall/kubernetes';
import { channel, channelMembership, contract, contractInstallation, member, node } from '@guildhall/resources';
import { pino } from 'pino';
import { isReady } from '../src/outcome.ts';
import { writeNetwork } from './network.ts';
import { startWorld } from './world.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const fabric = process.argv[2] ?? process.env['GUILDHALL_FABRIC_PROGRAMS'] ?? '';
const entry = receivable.versions[0]?.entry;
if (entry === undefined) throw new Error('the receivable has no version');
const built = await buildContract({ entry });
const logger = pino({ level: process.env['GUILDHALL_LOG_LEVEL'] ?? 'warn' });
const world = await startWorld({ fabric, artifacts: new Map([[built.digest, Buffer.from(built.artifact).toString()]]), logger });
process.once('SIGINT', () => void world.stop().then(() => process.exit(1)));
try {
  const operator = world.startOperator();
  const watching = new AbortController();
  const began = performance.now();
  const spent = process.cpuUsage();
  const at = (): string => `${((performance.now() - began) / 1000).toFixed(3).padStart(7)} s`;
  const follow = <T extends KubernetesObject>(informer: Informer<T>, count: number, name: string, reached: (object: T) => boolean): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    informer.onChange(() => {
      if (informer.list().filter(reached).length >= count) resolve();
    });
    informer.start(watching.signal);
    return promise.then(() => print(`${at()}  ${name}`));
  };
  const client = world.clients.controlPlane;
  const of = { members: createInformer(client, member.type), nodes: createInformer(client, node.type), channels: createInformer(client, channel.type), memberships: createInformer(client, channelMembership.type), contracts: createInformer(client, contract.type), installations: createInformer(client, contractInstallation.type) };
  const stages = [
    follow(of.members, 3, 'members have their roots', isReady),
    follow(of.nodes, 5, 'nodes have certificates', ({ status }) => status?.certificates?.length === 2),
    follow(of.channels, 1, 'the first block is made', ({ status }) => status?.genesisDigest !== undefined),
    follow(of.nodes, 5, 'nodes are healthy', ({ status }) => status?.health?.state === 'Healthy'),
    follow(of.memberships, 3, 'all nodes have joined', isReady),
    follow(of.channels, 1, 'the channel has a leader', ({ status }) => status?.leader !== undefined),
    follow(of.channels, 1, 'the channel is ready', isReady),
    follow(of.installations, 2, 'instances run', ({ status }) => status?.instance?.ready === true),
    follow(of.installations, 2, 'peers have the contract', ({ status }) => (status?.installedOn?.length ?? 0) > 0),
    follow(of.installations, 2, 'members have approved', ({ status }) => status?.approved !== undefined),
    follow(of.contracts, 1, 'the contract is ready', isReady),
  ];
  await writeNetwork(client, { name: 'trial', orderers: 3, peers: ['acme', 'bank'], artifactDigest: built.digest });
  print(`${at()}  everything is written down`);
  await Promise.all(stages);
  const { user, system } = process.cpuUsage(spent);
  print(`${((user + system) / 1e6).toFixed(3).padStart(7)} s  of a processor by the operator and the certificate authority`);
  watching.abort();
  for (const [call, times] of [...world.calls].toSorted(([, a], [, b]) => b - a)) if (/^(operator|certificateAuthority) /.test(call)) print(`${String(times).padStart(5)} ${call}`);
  await operator.stop();
} finally {
  await world.stop();
}
