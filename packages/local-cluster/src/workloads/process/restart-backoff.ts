/** A process that ran this long was healthy: the next end of it counts as the first. */
const healthyAfterMs = 60_000;
const firstDelayMs = 1_000;
const longestDelayMs = 60_000;

/**
 * How long to wait before a container is started again: at once after the first end, then 1, 2, 4 … 60 seconds, and at once
 * again when it had run for a minute. `endsInARow` counts the ends before this one.
 */
export function restartDelay(endsInARow: number, ranForMs: number): { delayMs: number; endsInARow: number } {
  if (ranForMs >= healthyAfterMs || endsInARow === 0) return { delayMs: 0, endsInARow: 1 };
  // 2^16 seconds are far beyond the longest delay; without the bound the power grows without end.
  const delayMs = Math.min(firstDelayMs * 2 ** Math.min(endsInARow - 1, 16), longestDelayMs);
  return { delayMs, endsInARow: endsInARow + 1 };
}
