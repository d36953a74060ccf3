import { consortiumNamespace, type Channel, type Consortium, type Contract, type Member, type Node } from '@guildhall/resources';
import type { Findings } from '../cluster/status.ts';
import { isReady, ready, stalled, waiting, whyNotReady, type Outcome } from '../outcome.ts';

export interface ConsortiumObserved {
  consortium: Consortium;
  /** The Member objects that the consortium names. */
  members: ReadonlyMap<string, Member>;
  nodes: readonly Node[];
  channels: readonly Channel[];
  contracts: readonly Contract[];
}

type ConsortiumStatus = NonNullable<Consortium['status']>;

export function decideConsortium(observed: ConsortiumObserved): { outcome: Outcome; findings: Findings<ConsortiumStatus> } {
  const { consortium, members, nodes, channels, contracts } = observed;
  const counts = {
    members: { total: consortium.spec.members.length, ready: [...members.values()].filter(isReady).length },
    nodes: count(nodes),
    channels: count(channels),
    contracts: count(contracts),
  };
  const outcome = invalid(consortium) ?? missingMember(observed) ?? notReady(observed) ?? ready('All members, nodes, channels and contracts are ready.');
  return { outcome, findings: { ...counts, summary: summaryOf(counts, outcome) } };
}

const count = (objects: readonly Parameters<typeof isReady>[0][]): { total: number; ready: number } => ({ total: objects.length, ready: objects.filter(isReady).length });

/** Rules of the schema that a cluster without CEL would let through. */
function invalid({ metadata, spec }: Consortium): Outcome | undefined {
  if (metadata.namespace !== consortiumNamespace(metadata.name)) {
    return stalled('InvalidSpec', `Consortium ${metadata.name} must be in the namespace ${consortiumNamespace(metadata.name)}, not in ${metadata.namespace ?? ''}: create it there.`);
  }
  for (const field of ['mspId', 'name', 'namespace'] as const) {
    const values = spec.members.map((member) => member[field]);
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined) return stalled('Duplicate', `Two members have the same ${field}, ${twice}. Each needs its own.`);
  }
  return undefined;
}

function missingMember({ consortium, members }: ConsortiumObserved): Outcome | undefined {
  const missing = consortium.spec.members.filter(({ name }) => !members.has(name)).map(({ name }) => name);
  return missing.length === 0 ? undefined : waiting('WaitingForMember', `Waiting for the Member of ${missing.join(', ')}: each creates it in its own namespace, with the MSP id that is named here.`);
}

function notReady({ members, nodes, channels, contracts }: ConsortiumObserved): Outcome | undefined {
  const groups = [
    ['Member', [...members.values()], 'WaitingForMember'],
    ['Node', nodes, 'WaitingForNode'],
    ['Channel', channels, 'Progressing'],
    ['Contract', contracts, 'Progressing'],
  ] as const;
  for (const [kind, objects, reason] of groups) {
    const first = objects.find((object) => !isReady(object));
    if (first !== undefined) return waiting(reason, `${kind} ${first.metadata.name}: ${whyNotReady(first)}`);
  }
  return undefined;
}

function summaryOf(counts: Record<'members' | 'nodes' | 'channels' | 'contracts', { total: number; ready: number }>, outcome: Outcome): string {
  const parts = Object.entries(counts).map(([kind, { total, ready: good }]) => `${good} of ${total} ${kind}`);
  return `${outcome.kind === 'ready' ? 'Running' : 'Not ready'}: ${parts.join(', ')} ready.`;
}
