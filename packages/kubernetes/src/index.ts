export * from './types.ts';
export * from './core.ts';
export * from './workloads.ts';
export * from './access.ts';
export * from './network.ts';
export * from './clock.ts';
export * from './logger.ts';
export * from './errors.ts';
export type * from './client/api.ts';
export { createClient } from './client/client.ts';
export { createFetch, type Fetch, type FetchInit, type FetchResponse } from './client/fetch.ts';
export { linesOf } from './client/lines.ts';
export type { CallOutcome } from './client/transport.ts';
export type { WatchEvent } from './client/watch-events.ts';
export { createInformer, type ChangeHandler, type Informer, type InformerOptions } from './informer/informer.ts';
export type { Change, Indexes } from './informer/store.ts';
export { byLabel, byOwner } from './informer/indexes.ts';
export { createMetrics, type ControllerObserver, type Metrics, type QueueObserver, type ReconcileResult, type RestartReason } from './metrics.ts';
export { createWorkQueue, type Item, type Priority, type WorkQueue, type WorkQueueOptions } from './queue/work-queue.ts';
export { defaultRateLimits, type RateLimits } from './queue/rate-limiter.ts';
export {
  type Controller, type ControllerOptions, createController, done, pausedAnnotation, type ReconcileContext, requeue, type Result, type RunSignals,
  type Watch,
} from './controller/controller.ts';
export { ConflictError, LeadershipLostError, ReconcileTimeoutError, RetryableError, TerminalError } from './controller/errors.ts';
export * from './conditions.ts';
export * from './finalizers.ts';
export * from './owner-references.ts';
export { appliedAnnotation, applyIfChanged, applyOwned, applyStatusIfChanged, isAsApplied } from './apply/apply.ts';
export { canonicalJson, contains } from './apply/compare.ts';
export { createLeaderElector, type LeaderElector, type LeaderElectorOptions, type Leadership } from './leader-election/leader-elector.ts';
export { defaultTimings, type Timings } from './leader-election/lease.ts';
export { type Check, createHealth, eventLoopCheck, type Health, type HealthReport, serveHealth } from './health.ts';
export { createManager, type Manager, type ManagerOptions } from './controller/manager.ts';
export { createEventRecorder, type EventRecorder, type EventRecorderOptions, type Notice } from './events/recorder.ts';
