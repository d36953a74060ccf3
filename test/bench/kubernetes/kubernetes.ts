import { setTimeout as delay } from 'node:timers/promises';
import { createGraphQLClient, type GraphQLClient } from '@guildhall/standalone';
import { skipWithoutNode, startTestNode } from '../../kubernetes/node-under-test.ts';
import { forward } from '../../kubernetes/support/forward.ts';
import { adminToken, install, loadImages, namespace } from '../../kubernetes/support/installation.ts';
import type { KubernetesNode } from '../../support/kubernetes/node.ts';
import { startBenchedGuildhall } from '../network/guildhall.ts';
import { beginConsortium, createNetworks, finished, type Profile } from '../network/networks.ts';
import { stageTable, total, type Stages } from '../network/stages.ts';
import { machine, median, round, table, type BenchResult } from '../report.ts';
import { mostMemory } from './memory.ts';
import { addPaperMachine } from './paper-machine.ts';
import { createRequestLog, type Request, type RequestLog } from './requests.ts';

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3);
const profiles: readonly Profile[] = ['production', 'sandbox'];
/** Five of the network that runs, and 95 of peers on paper, in members of 19. */
const nodeCount = 100;
const [members, peersOfMember] = [5, 19];
const limits = { memoryMegabytes: 150, requestsPerMinute: 10 };
/** What was begun before is over. */
const settleMs = 30_000;
const idleMs = 120_000;
const minute = 60_000;

const operator = 'operator';
const accountOf = (component: string): string => `system:serviceaccount:${namespace}:guildhall-${component}`;
const components = [operator, 'control-plane', 'certificate-authority', 'ledger-gateway'];

const tell = (line: string): void => console.error(line);

/** On a real node of Kubernetes: how long a network takes, beside the same on one machine; what the operator asks when nothing happens; its memory with 100 Nodes. */
export async function kubernetesBench(): Promise<BenchResult> {
  if (skipWithoutNode !== false) throw new Error(skipWithoutNode);
  const log = createRequestLog(components.map(accountOf));
  const node = await startTestNode({ flags: log.flags });
  try {
    tell('making images');
    loadImages(node);
    install(node);
    const way = await forward(node, namespace, 'guildhall-control-plane', 4000);
    const client = createGraphQLClient(way.url, adminToken(node));
    const bringUps = await measureBringUps(client);
    await createNetworks(client, 'idle').create('production');
    const few = await idleRequests(log, 'with 5 Nodes');
    await using paper = await addPaperMachine(node);
    tell(`each further pod is on the machine ${paper.name}`);
    await addNodes(node, client);
    const many = await idleRequests(log, `with ${nodeCount} Nodes`);
    // Each Node is looked at once more, so that what a look takes is in the figure.
    node.kubectl('annotate', 'nodes.guildhall.dev', '--all', '--all-namespaces', 'bench.guildhall.dev/look=again');
    tell("measuring the operator's memory");
    const memory = await mostMemory(node, { namespace, name: operator }, minute);
    way.stop();
    return report({ bringUps, few, many, memory });
  } finally {
    await node.stop();
    log.remove();
  }
}

type BringUps = Record<`${Profile}${'Kubernetes' | 'Local'}`, Stages[]>;

/** In turns, so that an hour in which the machine is slow is one for both. */
async function measureBringUps(client: GraphQLClient): Promise<BringUps> {
  const there = createNetworks(client);
  const here = await startBenchedGuildhall();
  const runs: BringUps = { productionKubernetes: [], productionLocal: [], sandboxKubernetes: [], sandboxLocal: [] };
  try {
    for (let turn = 0; turn < rounds; turn += 1) {
      for (const profile of profiles) {
        runs[`${profile}Kubernetes`].push(await there.bringUp(profile));
        runs[`${profile}Local`].push(await here.bringUp(profile));
      }
      tell(`turn ${turn + 1} of ${rounds}`);
    }
  } finally {
    await here.stop();
  }
  return runs;
}

async function idleRequests(log: RequestLog, when: string): Promise<ReadonlyMap<string, readonly Request[]>> {
  tell(`counting requests ${when}: nothing happens for ${(settleMs + idleMs) / minute} minutes`);
  await delay(settleMs);
  const from = Date.now();
  await delay(idleMs);
  return log.count(from, from + idleMs);
}

/** Healthy ones, as far as the operator can see. */
async function addNodes(node: KubernetesNode, client: GraphQLClient): Promise<void> {
  tell(`creating ${members * peersOfMember} Nodes more`);
  const peers = Array.from({ length: peersOfMember }, (_, index) => ({ name: `peer${index}`, role: 'peer' }));
  const id = await beginConsortium(client, {
    name: 'hundred', profile: 'production', members: Array.from({ length: members }, (_, index) => ({ name: `m${index}`, mspId: `M${index}MSP`, nodes: peers })),
  });
  await finished(client, id);
  const healthy = node.kubectl('get', 'nodes.guildhall.dev', '--all-namespaces', '--output', 'jsonpath={.items[*].status.health.state}').split(' ').filter((state) => state === 'Healthy').length;
  if (healthy !== nodeCount) throw new Error(`${healthy} of ${nodeCount} Nodes are healthy`);
}

interface Measured {
  bringUps: BringUps;
  few: ReadonlyMap<string, readonly Request[]>;
  many: ReadonlyMap<string, readonly Request[]>;
  memory: { workingSet: number; resident: number };
}

const perMinute = (requests: readonly Request[] = []): number => requests.length / (idleMs / minute);

/** `get secrets 2, patch nodes/status 1`, the most frequent first */
function inWords(requests: readonly Request[] = []): string {
  const counts = Map.groupBy(requests, ({ verb, resource }) => `${verb} ${resource}`);
  return [...counts].map(([what, { length }]): [string, number] => [what, length]).toSorted(([, a], [, b]) => b - a).map(([what, count]) => `${what} ${round(count / (idleMs / minute), 1)}`).join(', ');
}

function report({ bringUps, few, many, memory }: Measured): BenchResult {
  const seconds = (key: keyof BringUps): number => median(bringUps[key].map(total));
  const asked = { few: perMinute(few.get(accountOf(operator))), many: perMinute(many.get(accountOf(operator))) };
  console.log(`kubernetes: a node of its own on this machine; 3 Raft orderers, 2 members with a peer each, a channel, a contract; ${rounds} turns; ${machine()}\n`);
  for (const profile of profiles) {
    console.log(stageTable(`on Kubernetes, ${profile}`, bringUps[`${profile}Kubernetes`]));
    console.log(stageTable(`on one machine, ${profile}`, bringUps[`${profile}Local`]));
  }
  const rows = components.map((component) => [component, ...[few, many].map((requests) => round(perMinute(requests.get(accountOf(component))), 1).toFixed(1)), inWords(many.get(accountOf(component)))]);
  console.log(`${table([['requests per minute, idle', '5 Nodes', `${nodeCount} Nodes`, `of them with ${nodeCount}`], ...rows])}\n`);
  console.log(table([
    ['operator', 'measured', 'limit'],
    ['requests per minute with 5 Nodes', asked.few.toFixed(1), String(limits.requestsPerMinute)],
    [`requests per minute with ${nodeCount} Nodes`, asked.many.toFixed(1), String(limits.requestsPerMinute)],
    [`working set with ${nodeCount} Nodes, MB`, memory.workingSet.toFixed(1), String(limits.memoryMegabytes)],
  ]));
  return {
    bench: 'kubernetes',
    figures: {
      ...Object.fromEntries(profiles.flatMap((profile) => [
        [`${profile}KubernetesSeconds`, round(seconds(`${profile}Kubernetes`))],
        [`${profile}LocalSeconds`, round(seconds(`${profile}Local`))],
        [`${profile}Ratio`, round(seconds(`${profile}Kubernetes`) / seconds(`${profile}Local`))],
      ])),
      operatorMegabytes: round(memory.workingSet, 1),
      operatorResidentMegabytes: round(memory.resident, 1),
      operatorMegabytesLimit: limits.memoryMegabytes,
      operatorRequestsPerMinute: round(asked.few, 1),
      operatorRequestsPerMinuteWith100Nodes: round(asked.many, 1),
      operatorRequestsLimit: limits.requestsPerMinute,
    },
    // How much of its limit the worse of the two takes; the bring-up has none.
    ratio: round(Math.max(memory.workingSet / limits.memoryMegabytes, asked.few / limits.requestsPerMinute, asked.many / limits.requestsPerMinute)),
    limit: 1,
  };
}
