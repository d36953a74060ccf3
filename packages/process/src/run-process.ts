import { createHealth, createMetrics, eventLoopCheck, serveHealth, type Health, type Metrics } from '@guildhall/kubernetes';
import { pino, type Logger } from 'pino';
import { setting, SettingsError } from './settings.ts';

/** Where it tells how it is: /healthz, /readyz and /metrics. */
export const processSettings = {
  GUILDHALL_LOG_LEVEL: setting.logLevel,
  GUILDHALL_HEALTH_ADDRESS: setting.address.prefault('0.0.0.0:8080'),
};

export interface Process {
  logger: Logger;
  health: Health;
  metrics: Metrics;
  /** Asks it to end. */
  signal: AbortSignal;
}

interface ProcessSettings {
  GUILDHALL_LOG_LEVEL: string;
  GUILDHALL_HEALTH_ADDRESS: { host: string; port: number };
}

/** Runs the work of a process, with its log, its health and its end by a signal. */
export async function runProcess(settings: ProcessSettings, work: (process: Process) => Promise<void>): Promise<void> {
  const logger = pino({ level: settings.GUILDHALL_LOG_LEVEL });
  const [health, metrics, loop] = [createHealth(), createMetrics(), eventLoopCheck()];
  health.addLive('event loop', loop.check);
  const served = await serveHealth({ health, metrics }, settings.GUILDHALL_HEALTH_ADDRESS);
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());
  try {
    await work({ logger, health, metrics, signal: stopping.signal });
  } finally {
    loop.stop();
    await served.close();
  }
}

/** The last resort of a process: tells why it cannot go on, and ends it with an error. */
export function endProcess(error: unknown): never {
  process.stderr.write(`${error instanceof SettingsError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
