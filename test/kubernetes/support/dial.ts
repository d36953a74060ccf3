import type { KubernetesNode } from '../../support/kubernetes/node.ts';

/** Ends with 0 when something takes the connection within two seconds. */
const program = `require('net').connect({ host: process.argv[1], port: Number(process.argv[2]), timeout: 2000 })
  .on('connect', () => process.exit(0)).on('error', () => process.exit(1)).on('timeout', () => process.exit(1))`;

/** Whether a pod whose image has Node.js gets a connection. @param pod what kubectl execs into: `deployment/…`, or a pod's name */
export function dials(node: KubernetesNode, from: { namespace: string; pod: string }, host: string, port: number): boolean {
  try {
    node.kubectl('--namespace', from.namespace, 'exec', from.pod, '--', 'node', '-e', program, host, String(port));
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes('terminated with exit code 1')) return false;
    throw error;
  }
}
