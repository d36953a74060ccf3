import { createInformer, type Health, type Informer, type KubernetesClient, type KubernetesObject, type Logger, type Metrics, type ResourceType } from '@guildhall/kubernetes';
import { channel, consortium, contract, member, node } from '@guildhall/resources';
import { Counter, Gauge } from 'prom-client';
import { counters, gauges, type CounterName } from './gauges.ts';
import { createHistory } from './history.ts';
import type { Kind, World } from './world.ts';

export interface HealthMonitorOptions {
  /** Reads only. */
  client: Pick<KubernetesClient, 'list' | 'watch'>;
  /** Its registry gets the metrics. */
  metrics: Metrics;
  health?: Health;
  logger?: Logger;
}

export interface HealthMonitor {
  /** Follows until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
}

/** Tells how consortia are, in metrics. All that it knows is read anew when it starts. */
export function createHealthMonitor({ client, metrics, health, logger }: HealthMonitorOptions): HealthMonitor {
  const follow = <T extends KubernetesObject>(type: ResourceType<T>): Informer<T> => createInformer(client, type, { metrics, ...(logger === undefined ? {} : { logger }) });
  const informers = { consortia: follow(consortium.type), members: follow(member.type), nodes: follow(node.type), channels: follow(channel.type), contracts: follow(contract.type) };
  const all = Object.values(informers) as Pick<Informer<KubernetesObject>, 'start' | 'hasSynced' | 'problem' | 'type'>[];
  const hasSynced = (): boolean => all.every((informer) => informer.hasSynced());
  const problem = (): string | undefined => all.flatMap((informer) => informer.problem() ?? [])[0];
  health?.addReady('resources', problem);

  const history = createHistory();
  const note = <K extends Kind>(kind: K, informer: Informer<World[K][number] & KubernetesObject>): void =>
    void informer.onChange(({ type, object }) => (type === 'deleted' ? history.forget(object) : history.saw(kind, object)));
  note('consortia', informers.consortia);
  note('members', informers.members);
  note('nodes', informers.nodes);
  note('channels', informers.channels);
  note('contracts', informers.contracts);

  const world = (): World => ({
    consortia: informers.consortia.list(), members: informers.members.list(), nodes: informers.nodes.list(), channels: informers.channels.list(), contracts: informers.contracts.list(),
  });
  const { registry } = metrics;
  const registers: [] = [];
  for (const [name, { help, labels, of }] of Object.entries(gauges))
    registry.registerMetric(new Gauge<string>({
      name, help, labelNames: [...labels], registers,
      collect() {
        this.reset();
        // A part of the world would look as if the rest were gone.
        if (hasSynced()) for (const sample of of(world())) this.set(sample.labels, sample.value);
      },
    }));
  for (const [name, { help, labels }] of Object.entries(counters))
    registry.registerMetric(new Counter<string>({
      name, help, labelNames: [...labels], registers,
      collect() {
        this.reset();
        if (hasSynced()) for (const sample of history.samples(name as CounterName)) this.inc(sample.labels, sample.value);
      },
    }));
  registry.registerMetric(new Gauge({
    name: 'guildhall_monitor_current', help: '1 while what the monitor tells is what the cluster says now', registers,
    collect() {
      this.set(problem() === undefined ? 1 : 0);
    },
  }));

  return {
    async run(signal) {
      for (const informer of all) informer.start(signal);
      await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
    },
  };
}
