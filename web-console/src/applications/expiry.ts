import type { Tone } from '../ui/status.tsx';

const dayMs = 86_400_000;
const soonDays = 30;

/** How long a certificate is still good, in whole days, and how urgent that is. */
export function expiryOf(notAfter: string, now: Date): { days: number; tone: Tone } {
  const days = Math.floor((Date.parse(notAfter) - now.getTime()) / dayMs);
  return { days, tone: days < 0 ? 'bad' : days < soonDays ? 'warn' : 'good' };
}
