import type { Tone } from '../ui/status.tsx';

const dayMs = 86_400_000;
/** Fewer days than these are worth a mark. */
export const soonDays = 30;
const urgentDays = 7;

/** Whole days; negative once it has expired. */
export const daysLeft = (notAfter: string, now: Date): number => Math.floor((Date.parse(notAfter) - now.getTime()) / dayMs);

export function expiryTone(days: number): Tone {
  if (days < urgentDays) return 'bad';
  return days < soonDays ? 'warn' : 'good';
}

/** The one that expires before all others. */
export const firstToExpire = <Dated extends { readonly notAfter: string }>(certificates: readonly Dated[]): Dated | undefined =>
  certificates.reduce<Dated | undefined>((first, each) => (first === undefined || Date.parse(each.notAfter) < Date.parse(first.notAfter) ? each : first), undefined);
