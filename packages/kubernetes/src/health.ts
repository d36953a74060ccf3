import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from './metrics.ts';

/** undefined: fine. Otherwise what is wrong, in words. */
export type Check = () => string | undefined;

export interface HealthReport {
  ok: boolean;
  /** `ok` or what is wrong, by the name of the check. */
  checks: Record<string, string>;
}

/** Ready: this process can do its work. Live: it is not stuck in a way that only a restart cures. */
export interface Health {
  addReady(name: string, check: Check): void;
  addLive(name: string, check: Check): void;
  ready(): HealthReport;
  live(): HealthReport;
}

/** A check that throws has found something wrong, if only with itself. */
function ask(check: Check): string | undefined {
  try {
    return check();
  } catch (error) {
    return `the check failed: ${String(error)}`;
  }
}

function report(checks: Map<string, Check>): HealthReport {
  const results = [...checks].map(([name, check]): [string, string | undefined] => [name, ask(check)]);
  return {
    ok: results.every(([, wrong]) => wrong === undefined),
    checks: Object.fromEntries(results.map(([name, wrong]) => [name, wrong ?? 'ok'])),
  };
}

export function createHealth(): Health {
  const readiness = new Map<string, Check>();
  const liveness = new Map<string, Check>();
  return {
    addReady: (name, check) => void readiness.set(name, check),
    addLive: (name, check) => void liveness.set(name, check),
    ready: () => report(readiness),
    live: () => report(liveness),
  };
}

/** Wrong when the event loop was late by more than this in half of the cases since the last look: timers, leases and watches are late then too. */
export function eventLoopCheck({ limitMs = 1_000 } = {}): { check: Check; stop: () => void } {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  return {
    check() {
      const lagMs = delay.percentile(50) / 1e6;
      delay.reset();
      return lagMs > limitMs ? `the event loop is ${Math.round(lagMs)} ms late` : undefined;
    },
    stop: () => void delay.disable(),
  };
}

/** GET /healthz (live), /readyz (ready), /metrics. Port 0 takes a free one. */
export async function serveHealth(
  { health, metrics }: { health: Health; metrics: Metrics },
  { host = '127.0.0.1', port = 0 } = {},
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    const path = request.url?.split('?')[0];
    if (path === '/metrics') {
      metrics.text().then(
        (text) => answer(200, metrics.registry.contentType, text),
        (error: unknown) => answer(500, 'text/plain', `the metrics cannot be read: ${String(error)}\n`),
      );
      return;
    }
    if (path !== '/healthz' && path !== '/readyz') return answer(404, 'text/plain', 'GET /healthz, /readyz or /metrics\n');
    const found = path === '/healthz' ? health.live() : health.ready();
    answer(found.ok ? 200 : 503, 'application/json', `${JSON.stringify(found)}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
