import { faultOf, periodOf, type ServerCertificate } from './certificate.ts';

/** What the Secret holds. */
export interface Held {
  readonly current?: ServerCertificate;
  /** Its authority is published already; it is not served yet. */
  readonly next?: ServerCertificate;
  /** The authority before, PEM: another replica may still serve what it signed. */
  readonly previousAuthority?: string;
}

export type Step =
  /** `current` is served. */
  | { readonly kind: 'keep'; readonly current: ServerCertificate }
  /** There is none to be served: one is made, and served at once. */
  | { readonly kind: 'make'; readonly why: string }
  /** The next one is made, for callers to learn of its authority. */
  | { readonly kind: 'prepare' }
  /** The next one becomes the current one. */
  | { readonly kind: 'takeOver'; readonly held: Held };

const DAY_MS = 24 * 60 * 60_000;
const RENEW_BEFORE_MS = 30 * DAY_MS;
/** From the certificate's beginning, which is five minutes before it is made: an hour. A ConfigMap reaches the file of a pod within about two minutes. */
const OVERLAP_MS = 65 * 60_000;

export function decide({ current, next, previousAuthority }: Held, names: readonly string[], now: Date): Step {
  const at = now.getTime();
  const fault = current === undefined ? 'there is none' : faultOf(current, names, now);
  const usableNext = next !== undefined && faultOf(next, names, now) === undefined ? next : undefined;
  if (current === undefined || fault !== undefined) {
    // What is broken is not worth waiting for.
    return usableNext ? { kind: 'takeOver', held: takenOver(usableNext, previousAuthority) } : { kind: 'make', why: fault ?? '' };
  }
  if (usableNext) {
    const madeAt = periodOf(usableNext.certificate)?.from ?? at;
    return at - madeAt >= OVERLAP_MS ? { kind: 'takeOver', held: takenOver(usableNext, current.authority) } : { kind: 'keep', current };
  }
  const until = periodOf(current.certificate)?.until ?? at;
  return until - at < RENEW_BEFORE_MS ? { kind: 'prepare' } : { kind: 'keep', current };
}

const takenOver = (next: ServerCertificate, previousAuthority: string | undefined): Held => ({
  current: next,
  ...(previousAuthority === undefined ? {} : { previousAuthority }),
});

/** The authorities that callers are to trust, one after the other: whatever a replica serves, now or soon, one of them has signed it. */
export const authoritiesOf = ({ current, next, previousAuthority }: Held, now: Date): string =>
  [current?.authority, next?.authority, previousAuthority]
    .filter((pem) => pem !== undefined)
    .filter((pem) => (periodOf(pem)?.until ?? 0) > now.getTime())
    .join('');
