import { isNotFound, timestamp } from '@guildhall/kubernetes';
import type { Condition, ConditionType, Reason } from '@guildhall/resources';
import { CertificateAuthorityError } from './errors.ts';

/** Where a request stands: answered, waiting for something that will come by itself, or refused for good. */
export interface Standing {
  readonly kind: 'ready' | 'reconciling' | 'stalled';
  readonly reason: Reason;
  readonly message: string;
}

/** What to say of an error that is the authority's own and that somebody there must mend; the request is tried again meanwhile. */
export function faultOf(error: unknown): Standing | undefined {
  return error instanceof CertificateAuthorityError
    ? { kind: 'reconciling', reason: 'Failed', message: `the certificate authority cannot answer: ${error.message}` }
    : undefined;
}

interface Answerable {
  readonly metadata: { generation?: number };
  readonly status?: { conditions?: Condition[] | undefined } | undefined;
}

export interface RequestStatus {
  readonly conditions: Condition[];
  readonly observedGeneration: number;
}

/** A request is answered once: its spec cannot change, so neither can the answer. */
export function isAnswered({ status }: Answerable): boolean {
  return status?.conditions?.some(({ type, status }) => (type === 'Ready' || type === 'Stalled') && status === 'True') ?? false;
}

/** Of a condition's message; a longer one is cut off. */
const maximumMessageLength = 2048;

/** Written once: the same again would wake every watcher for nothing. */
export function saysAlready({ status }: Answerable, { reason, message }: Standing): boolean {
  const written = message.slice(0, maximumMessageLength);
  return status?.conditions?.some((condition) => condition.reason === reason && condition.message === written) ?? false;
}

/** kstatus: Ready always, Reconciling and Stalled while they are true. */
export function statusOf(request: Answerable, { kind, reason, message }: Standing, now: number): RequestStatus {
  const observedGeneration = request.metadata.generation ?? 0;
  const condition = (type: ConditionType, status: Condition['status']): Condition => {
    const before = request.status?.conditions?.find((candidate) => candidate.type === type);
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : timestamp(now);
    return { type, status, reason, message: message.slice(0, maximumMessageLength), observedGeneration, lastTransitionTime };
  };
  const others = { ready: [], reconciling: [condition('Reconciling', 'True')], stalled: [condition('Stalled', 'True')] }[kind];
  return { conditions: [condition('Ready', kind === 'ready' ? 'True' : 'False'), ...others], observedGeneration };
}

/** Whoever asked takes the answer and deletes the request; a cache that does not know yet must not make that an error. */
export async function unlessGone(writing: Promise<unknown>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
