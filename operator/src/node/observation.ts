import type { Inspection } from '@guildhall/fabric';
import type { Probe } from '../monitor/monitor.ts';
import type { FabricPorts, OrdererEndpoints } from '../ports/fabric.ts';
import type { HttpEndpoint } from '@guildhall/fabric';

/** Two calls without an answer and the pause between two looks stay below the 5 s in which a hang is to be seen. */
const timeoutMs = 1_500;

export type InspectTarget = { role: 'orderer'; endpoints: OrdererEndpoints } | { role: 'peer'; operations: HttpEndpoint };

/** Looks at a node. One silence may be a busy machine, so it is asked once more before it counts. */
export function nodeProbe(ports: Pick<FabricPorts, 'orderers' | 'peers'>, target: InspectTarget): Probe<Inspection> {
  const once = (signal: AbortSignal): Promise<Inspection> =>
    target.role === 'orderer'
      ? ports.orderers.inspect(target.endpoints, { timeoutMs, signal })
      : ports.peers.inspect(target.operations, { timeoutMs, signal });
  return async (signal) => {
    const first = await once(signal);
    return first.contact === 'silent' && !signal.aborted ? once(signal) : first;
  };
}

export const sameInspection = (a: Inspection, b: Inspection): boolean => JSON.stringify(a) === JSON.stringify(b);
