import { setTimeout as delay } from 'node:timers/promises';
import { nodeName } from '../../support/kubernetes/kubelet.ts';
import type { Cluster } from '../../support/kubernetes/cluster.ts';

/** Megabytes of 2^20 bytes. */
export interface Memory {
  /** What the kubelet would end the container for: all but file pages that can be dropped. */
  workingSet: number;
  /** Of the process alone. */
  resident: number;
}

interface Summary {
  pods: { podRef: { name: string; namespace: string }; containers: { name: string; memory?: { workingSetBytes?: number; rssBytes?: number } }[] }[];
}

/** The kubelet measures that often. */
const everyMs = 10_000;

/** The most that a container was seen with, by the kubelet's own figures. */
export async function mostMemory(node: Cluster, container: { namespace: string; name: string }, forMs: number): Promise<Memory> {
  const seen: Memory[] = [];
  for (const until = Date.now() + forMs; Date.now() < until; await delay(everyMs)) {
    const { pods } = JSON.parse(node.kubectl('get', '--raw', `/api/v1/nodes/${nodeName}/proxy/stats/summary`)) as Summary;
    const found = pods.filter(({ podRef }) => podRef.namespace === container.namespace).flatMap(({ containers }) => containers.filter(({ name }) => name === container.name));
    const [one] = found;
    if (one?.memory?.workingSetBytes === undefined || found.length !== 1) throw new Error(`the kubelet tells no memory of one container ${container.name}, but of ${found.length}`);
    seen.push({ workingSet: one.memory.workingSetBytes / 2 ** 20, resident: (one.memory.rssBytes ?? 0) / 2 ** 20 });
  }
  return { workingSet: Math.max(...seen.map(({ workingSet }) => workingSet)), resident: Math.max(...seen.map(({ resident }) => resident)) };
}
