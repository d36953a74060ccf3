import { ApiError, TransportError, type KubernetesClient, type KubernetesObject, type ResourceType, type WatchEvent, type WatchOptions } from '@guildhall/kubernetes';
import type { FabricPorts } from '../../src/index.ts';

export interface Faults {
  /** A number from 0 up to 1. */
  random(): number;
  /** How often a watch ends, is told that it is too old, or repeats an event; 0 for never. */
  watchTrouble: number;
  /** How often a write is carried out and its answer lost. */
  lostAnswers: number;
}

/** One life of a process: what it sends, and when it dies. */
export interface Life {
  client: KubernetesClient;
  fabric: FabricPorts;
  /** Writes so far, as `verb Kind namespace/name`. */
  writes: string[];
  /** After so many writes nothing that this process sends is answered any more. */
  dieAfter(writes: number): void;
  readonly died: Promise<void>;
}

const dead = (): TransportError => new TransportError('Unreachable', 'this process is dead');

export function createLife(client: KubernetesClient, fabric: FabricPorts, { random, watchTrouble, lostAnswers }: Faults): Life {
  const writes: string[] = [];
  const death = Promise.withResolvers<void>();
  let left = Infinity;
  const alive = (): void => {
    if (left <= 0) throw dead();
  };

  async function write<T>(verb: string, type: ResourceType<KubernetesObject>, ref: { namespace?: string; name: string }, carryOut: () => Promise<T>): Promise<T> {
    alive();
    writes.push(`${verb} ${type.kind} ${ref.namespace ?? ''}/${ref.name}`);
    left -= 1;
    if (left <= 0) death.resolve();
    const result = await carryOut();
    // The write is done; whoever sent it may never learn so.
    if (left <= 0) throw dead();
    if (random() < lostAnswers) throw new TransportError('Interrupted', 'the connection broke');
    return result;
  }

  async function* watch<T extends KubernetesObject>(type: ResourceType<T>, options: WatchOptions): AsyncGenerator<WatchEvent<T>> {
    alive();
    for await (const event of client.watch(type, options)) {
      alive();
      const luck = random();
      if (luck < watchTrouble / 3) return;
      if (luck < (watchTrouble * 2) / 3) throw new ApiError(410, 'Expired', 'too old');
      yield event;
      if (luck < watchTrouble) yield event;
    }
  }

  const mortal: KubernetesClient = {
    ...client,
    get: async (type, ref) => {
      alive();
      return client.get(type, ref);
    },
    list: async (type, options) => {
      alive();
      return client.list(type, options);
    },
    create: (type, object) => (type.kind === 'Event' ? client.create(type, object) : write('create', type, object.metadata, () => client.create(type, object))),
    apply: (type, object, options) => write('apply', type, object.metadata, () => client.apply(type, object, options)),
    applyStatus: (type, object, options) => write('status', type, object.metadata, () => client.applyStatus(type, object, options)),
    mergePatch: (type, ref, patch, options) => write('patch', type, ref, () => client.mergePatch(type, ref, patch, options)),
    delete: (type, ref, options) => write('delete', type, ref, () => client.delete(type, ref, options)),
    watch,
  };
  const guarded = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name, receiver) {
        const method: unknown = Reflect.get(target, name, receiver);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          alive();
          return method.apply(target, args);
        };
      },
    });

  return {
    client: mortal,
    fabric: { orderers: guarded(fabric.orderers), peers: guarded(fabric.peers), channels: guarded(fabric.channels), instances: guarded(fabric.instances), ways: guarded(fabric.ways) },
    writes,
    dieAfter(count) {
      left = count - writes.length;
    },
    died: death.promise,
  };
}
