import type { KubernetesNode } from '../../support/kubernetes/node.ts';

export interface Target {
  /** In words. */
  what: string;
  host: string;
  port: number;
}

/** Tells which targets take the connection within two seconds; all are tried at once, because some networks answer nothing to what they refuse. */
const program = `const { connect } = require('net');
const dial = ({ host, port }) => new Promise((tell) => connect({ host, port, timeout: 2000 }).on('connect', () => tell(true)).on('error', () => tell(false)).on('timeout', () => tell(false)));
Promise.all(JSON.parse(process.argv[1]).map(dial)).then((found) => { console.log(JSON.stringify(found)); process.exit(); })`;

/** Which of the targets give a pod whose image has Node.js a connection, in words. @param pod what kubectl execs into: `deployment/…`, or a pod's name */
export function dials(node: KubernetesNode, from: { namespace: string; pod: string }, targets: readonly Target[]): string[] {
  const found = JSON.parse(node.kubectl('--namespace', from.namespace, 'exec', from.pod, '--', 'node', '-e', program, JSON.stringify(targets))) as boolean[];
  return targets.filter((_, index) => found[index]).map(({ what }) => what);
}
