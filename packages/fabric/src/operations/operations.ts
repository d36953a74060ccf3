import { OperationsError } from '../errors.ts';
import type { CallOptions, HttpEndpoint } from '../transport/endpoint.ts';
import { callHttp, type HttpAnswer } from '../transport/http.ts';
import { parseMetrics, type Sample } from './metrics.ts';

/** The operations endpoint of a peer or an orderer (fabric-lib-go/healthz, core/operations). */
export interface Operations {
  /** Resolves when the node says that it is well; NODE_UNHEALTHY names the failed checks. */
  health(options?: CallOptions): Promise<void>;
  /** `3.1.0` */
  version(options?: CallOptions): Promise<string>;
  /** Those of these names, or all. Needs a client certificate when the endpoint has TLS. */
  metrics(options?: CallOptions & { readonly names?: ReadonlySet<string> }): Promise<readonly Sample[]>;
}

export function createOperations(endpoint: HttpEndpoint): Operations {
  const { host } = new URL(endpoint.url);
  const get = (path: string, options?: CallOptions): Promise<HttpAnswer> => callHttp(endpoint, { ...options, method: 'GET', path });
  const unexpected = (path: string, answer: HttpAnswer): OperationsError => {
    const message = `HTTP ${answer.status} ${answer.body.toString().slice(0, 200)}`;
    return new OperationsError('UNEXPECTED_ANSWER', `The node's operations endpoint ${host}${path} answered: ${message}`, {
      nodes: [{ address: host, message, status: answer.status }],
    });
  };

  return {
    async health(options) {
      const answer = await get('/healthz', options);
      if (answer.status === 200) return;
      if (answer.status !== 503) throw unexpected('/healthz', answer);
      const message = failedChecks(answer.body.toString());
      throw new OperationsError('NODE_UNHEALTHY', `The node at ${host} says that it is not well: ${message}`, {
        nodes: [{ address: host, message, status: 503 }],
      });
    },
    async version(options) {
      const answer = await get('/version', options);
      const version = answer.status === 200 ? fieldOf(answer.body.toString(), 'Version') : undefined;
      if (typeof version !== 'string') throw unexpected('/version', answer);
      return version.replace(/^v/, '');
    },
    async metrics(options) {
      const answer = await get('/metrics', options);
      if (answer.status !== 200) throw unexpected('/metrics', answer);
      return parseMetrics(answer.body.toString(), options?.names);
    },
  };
}

/** `{"status":"Service Unavailable","failed_checks":[{"component":"docker","reason":"..."}]}` in words. */
function failedChecks(body: string): string {
  const checks = fieldOf(body, 'failed_checks');
  if (!Array.isArray(checks) || checks.length === 0) return body.slice(0, 200);
  return checks.map((check: { component?: unknown; reason?: unknown }) => `${String(check.component)}: ${String(check.reason)}`).join('; ');
}

function fieldOf(body: string, field: string): unknown {
  try {
    const parsed: Record<string, unknown> = JSON.parse(body);
    return parsed[field];
  } catch {
    return undefined; // The caller reports the answer as it came.
  }
}
