import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What the API server is asked, by its own audit log. */
export interface RequestLog {
  /** Of the API server: they make it write the log. */
  readonly flags: readonly string[];
  /** Requests of each of these accounts between two instants (milliseconds since the epoch), watches and leases left out. */
  count(from: number, until: number): Promise<ReadonlyMap<string, readonly Request[]>>;
  remove(): void;
}

export interface Request {
  verb: string;
  /** `nodes/status` */
  resource: string;
}

interface AuditEvent {
  verb: string;
  user: { username: string };
  objectRef?: { resource?: string; subresource?: string };
  requestURI: string;
  requestReceivedTimestamp: string;
}

/** @param accounts names as the API server knows them */
export function createRequestLog(accounts: readonly string[]): RequestLog {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-audit-'));
  const [policy, log] = [join(folder, 'policy.json'), join(folder, 'audit.log')];
  writeFileSync(policy, JSON.stringify({
    apiVersion: 'audit.k8s.io/v1', kind: 'Policy', omitStages: ['RequestReceived', 'ResponseStarted'],
    rules: [{ level: 'Metadata', users: accounts }, { level: 'None' }],
  }));
  return {
    flags: ['--audit-policy-file', policy, '--audit-log-path', log],
    async count(from, until) {
      const found = new Map<string, Request[]>(accounts.map((account) => [account, []]));
      for await (const line of createInterface(createReadStream(log))) {
        const { verb, user, objectRef, requestURI, requestReceivedTimestamp } = JSON.parse(line) as AuditEvent;
        const at = Date.parse(requestReceivedTimestamp);
        const resource = [objectRef?.resource ?? requestURI.split('?')[0], objectRef?.subresource].filter(Boolean).join('/');
        if (at >= from && at < until && verb !== 'watch' && resource !== 'leases') found.get(user.username)?.push({ verb, resource });
      }
      return found;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
