import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Cluster } from '../../support/kubernetes/cluster.ts';
import { bin } from '../node-under-test.ts';

export interface Forward {
  /** `http://127.0.0.1:…` */
  url: string;
  stop(): void;
}

/** The way from this machine to a Service, as `kubectl port-forward` makes it. */
export async function forward({ kubeconfig }: Cluster, namespace: string, service: string, port: number): Promise<Forward> {
  const child = spawn(join(bin, 'kubectl'), ['--kubeconfig', kubeconfig, '--namespace', namespace, 'port-forward', `service/${service}`, `:${port}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = (): void => void child.kill();
  process.once('exit', stop);
  for await (const line of createInterface(child.stdout)) {
    const [, found] = /^Forwarding from (127\.0\.0\.1:\d+) /.exec(line) ?? [];
    if (found === undefined) continue;
    child.stdout.resume();
    return { url: `http://${found}`, stop };
  }
  throw new Error(`kubectl port-forward to ${service} ended before it listened`);
}
