import { TransportError, type KubernetesClient } from '@guildhall/kubernetes';
import type { ControlPlane } from '../src/index.ts';
import { startDatabaseProxy, type Verdict } from './database-proxy.ts';
import type { World } from './world.ts';

export interface Fault {
  /** The write that it strikes, counted from 1 over the database and the cluster. */
  write: number;
  /** killed: carried out, and then the process is dead. told-failed: carried out, and the process hears that the connection broke. */
  how: Exclude<Verdict, 'pass'>;
}

/** One life of a control plane, whose writes are numbered; its end leaves behind what a killed process would. */
export interface FaultyLife {
  controlPlane: ControlPlane;
  /** Numbers the writes from here on anew, for the fault to strike one of them. @returns what is written until it is armed again, in order */
  arm(fault?: Fault): string[];
  isDead(): boolean;
  /** Frees what the test process holds of it. */
  end(): Promise<void>;
}

export async function startFaultyLife(world: World, options: Parameters<World['start']>[0] = {}): Promise<FaultyLife> {
  let writes: string[] = [];
  let fault: Fault | undefined;
  let dead = false;
  const verdict = (what: string): Verdict => {
    writes.push(what);
    return fault?.write === writes.length ? fault.how : 'pass';
  };
  const proxy = await startDatabaseProxy(world.postgres.url, 'guildhall-control-plane', {
    onWrite: (sql) => {
      const found = verdict(sql.slice(0, 80));
      if (found === 'kill') dead = true;
      return found;
    },
  });

  const broken = (): TransportError => new TransportError('Interrupted', 'the connection broke, by the test');
  const write = async <T>(what: string, task: () => Promise<T>): Promise<T> => {
    if (dead) throw broken();
    const result = await task();
    const found = verdict(what);
    if (found === 'kill') {
      dead = true;
      proxy.cut();
    }
    // Also the answers to what was under way when the process died never arrive.
    if (found !== 'pass' || dead) throw broken();
    return result;
  };
  const wrap = (client: KubernetesClient): KubernetesClient => ({
    ...client,
    apply: (type, object, options) => write(`apply ${type.kind} ${object.metadata.name}`, () => client.apply(type, object, options)),
    mergePatch: (type, ref, patch, options) => write(`patch ${type.kind} ${ref.name}`, () => client.mergePatch(type, ref, patch, options)),
    delete: (type, ref, options) => write(`delete ${type.kind} ${ref.name}`, () => client.delete(type, ref, options)),
    withSignal: (signal) => wrap(client.withSignal(signal)),
  });

  const controlPlane = await world.start({ databaseUrl: proxy.url, client: wrap(world.connect()), ...options });
  return {
    controlPlane,
    arm: (next) => {
      writes = [];
      fault = next;
      return writes;
    },
    isDead: () => dead,
    end: async () => {
      await controlPlane.stop();
      await proxy.close();
    },
  };
}
