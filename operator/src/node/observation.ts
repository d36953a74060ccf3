import type { HttpEndpoint, Inspection } from '@guildhall/fabric';
import { askTwice, type Probe } from '../monitor/monitor.ts';
import type { FabricPorts } from '../ports/fabric.ts';
import type { NodeRole } from './node-role.ts';

/** Two calls without an answer and the pause between two looks stay below the 5 s in which a hang is to be seen. */
const timeoutMs = 1_500;

export function nodeProbe(ports: Pick<FabricPorts, 'orderers' | 'peers'>, role: NodeRole, operations: HttpEndpoint): Probe<Inspection> {
  const port = role === 'orderer' ? ports.orderers : ports.peers;
  return askTwice((signal) => port.inspect(operations, { timeoutMs, signal }), ({ contact }) => contact === 'silent');
}

export const sameInspection = (a: Inspection, b: Inspection): boolean => JSON.stringify(a) === JSON.stringify(b);
