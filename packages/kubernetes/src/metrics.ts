import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CallOutcome } from './client/transport.ts';

/** Why a watch ended. */
export const restartReasons = ['closed', 'expired', 'silent', 'failed'] as const;
export type RestartReason = (typeof restartReasons)[number];

export const reconcileResults = ['success', 'error', 'requeue_after', 'conflict', 'terminal', 'paused'] as const;
export type ReconcileResult = (typeof reconcileResults)[number];

export interface QueueObserver {
  added(): void;
  retried(): void;
  /** From being added to being handed out. */
  waited(seconds: number): void;
}

export interface ControllerObserver {
  reconciled(result: ReconcileResult, seconds: number): void;
  panicked(): void;
  timedOut(): void;
  /** Change of the number of reconciles that are running. */
  active(change: 1 | -1): void;
}

/** The runtime's metrics in a registry of prom-client. Each counter is there at zero from the start: absence must never look like health. */
export interface Metrics {
  readonly registry: Registry;
  /** In the Prometheus text format. */
  text(): Promise<string>;
  /** For `createClient({ onCall })`. */
  onCall(outcome: CallOutcome): void;
  informer(kind: string, state: { secondsSinceActivity(): number; hasSynced(): boolean }): { restarted(reason: RestartReason): void };
  queue(name: string, depth: () => number): QueueObserver;
  controller(name: string, workers: number): ControllerObserver;
  leader(lease: string): (leads: boolean) => void;
  events(component: string): { dropped(): void };
}

const latencyBuckets = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60];

export function createMetrics({ prefix = 'guildhall_', registry = new Registry() }: { prefix?: string; registry?: Registry } = {}): Metrics {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> =>
    new Counter({ name: prefix + name, help, labelNames, registers });
  const histogram = <Label extends string>(name: string, help: string, labelNames: Label[]): Histogram<Label> =>
    new Histogram({ name: prefix + name, help, labelNames, registers, buckets: latencyBuckets });
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name: prefix + name, help, labelNames, registers });
  /** A gauge that asks when it is read. */
  const asked = (name: string, help: string, label: string): ((value: string, ask: () => number) => void) => {
    const sources = new Map<string, () => number>();
    const made = new Gauge({
      name: prefix + name,
      help,
      labelNames: [label],
      registers,
      collect() {
        for (const [value, ask] of sources) this.labels(value).set(ask());
      },
    });
    return (value, ask) => {
      sources.set(value, ask);
      made.labels(value).set(0);
    };
  };

  const apiLatency = histogram('api_request_duration_seconds', 'Latency of calls to the Kubernetes API; of watches, until they are open', ['verb', 'kind', 'status']);
  const throttled = counter('api_throttled_total', 'Calls answered with 429', ['verb', 'kind']);
  const synced = asked('informer_synced', '1 when the first list has been read', 'kind');
  const silent = asked('informer_seconds_since_activity', 'Since the last list, event or bookmark', 'kind');
  const restarts = counter('informer_watch_restarts_total', 'Watches begun again, by why the former one ended', ['kind', 'reason']);
  const depth = asked('queue_depth', 'Keys that wait', 'queue');
  const adds = counter('queue_adds_total', 'Keys put into the queue', ['queue']);
  const retries = counter('queue_retries_total', 'Keys put back after a failure', ['queue']);
  const waits = histogram('queue_wait_seconds', 'From being due to being handed to a worker', ['queue']);
  const results = counter('reconcile_total', 'Reconciles by result', ['controller', 'result']);
  const errors = counter('reconcile_errors_total', 'Reconciles that failed and are repeated; terminal ones and conflicts are counted apart', ['controller']);
  const terminal = counter('reconcile_terminal_errors_total', 'Reconciles that failed and rest until the object changes', ['controller']);
  const panics = counter('reconcile_panics_total', 'Reconciles that threw what only a bug throws', ['controller']);
  const timeouts = counter('reconcile_timeouts_total', 'Reconciles that took too long and were aborted', ['controller']);
  const durations = histogram('reconcile_duration_seconds', 'Duration of reconciles', ['controller']);
  const workersMax = gauge('workers_max', 'Reconciles that may run at once', ['controller']);
  const workersActive = gauge('workers_active', 'Reconciles that are running', ['controller']);
  const leading = gauge('leader', '1 while this process leads', ['lease']);
  const eventsDropped = counter('events_dropped_total', 'Kubernetes Events that could not be written', ['component']);

  return {
    registry,
    text: () => registry.metrics(),
    onCall({ verb, kind, status, seconds }) {
      apiLatency.observe({ verb, kind, status }, seconds);
      throttled.inc({ verb, kind }, status === '429' ? 1 : 0);
    },
    informer(kind, state) {
      synced(kind, () => (state.hasSynced() ? 1 : 0));
      silent(kind, () => state.secondsSinceActivity());
      for (const reason of restartReasons) restarts.inc({ kind, reason }, 0);
      return { restarted: (reason) => restarts.inc({ kind, reason }) };
    },
    queue(queue, ask) {
      depth(queue, ask);
      for (const zeroed of [adds, retries]) zeroed.inc({ queue }, 0);
      waits.zero({ queue });
      return {
        added: () => adds.inc({ queue }),
        retried: () => retries.inc({ queue }),
        waited: (seconds) => waits.observe({ queue }, seconds),
      };
    },
    controller(controller, workers) {
      for (const result of reconcileResults) results.inc({ controller, result }, 0);
      for (const zeroed of [errors, terminal, panics, timeouts]) zeroed.inc({ controller }, 0);
      durations.zero({ controller });
      workersMax.set({ controller }, workers);
      workersActive.set({ controller }, 0);
      return {
        reconciled(result, seconds) {
          results.inc({ controller, result });
          if (result === 'error') errors.inc({ controller });
          if (result === 'terminal') terminal.inc({ controller });
          durations.observe({ controller }, seconds);
        },
        panicked: () => panics.inc({ controller }),
        timedOut: () => timeouts.inc({ controller }),
        active: (change) => workersActive.inc({ controller }, change),
      };
    },
    leader(lease) {
      leading.set({ lease }, 0);
      return (leads) => leading.set({ lease }, leads ? 1 : 0);
    },
    events(component) {
      eventsDropped.inc({ component }, 0);
      return { dropped: () => eventsDropped.inc({ component }) };
    },
  };
}
