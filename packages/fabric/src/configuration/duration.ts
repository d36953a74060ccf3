import { DecodeError } from '../errors.ts';

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, µs: 1e-3, ns: 1e-6 };

/** Milliseconds as Go prints a time.Duration ("200ms", "1.5s", "3m0s"), which is how Fabric's configuration spells it. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return milliseconds === 0 ? '0s' : `${milliseconds}ms`;
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor((milliseconds % 3_600_000) / 60_000);
  const seconds = (milliseconds % 60_000) / 1000;
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}

/** Go's time.ParseDuration, in milliseconds. */
export function parseDuration(text: string): number {
  const part = /([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(h|ms|m|s|us|µs|ns)/g;
  let milliseconds = 0;
  let end = 0;
  for (const match of text.matchAll(part)) {
    if (match.index !== end) break;
    milliseconds += Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0);
    end += match[0].length;
  }
  if (end === 0 || end !== text.length) throw new DecodeError('MALFORMED_MESSAGE', `"${text}" is not a duration.`);
  return milliseconds;
}
