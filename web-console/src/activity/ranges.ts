const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** How far back, and in how many parts. */
export const ranges = {
  hour: { ms: 60 * minuteMs, buckets: 60 },
  day: { ms: dayMs, buckets: 48 },
  week: { ms: 7 * dayMs, buckets: 56 },
  month: { ms: 30 * dayMs, buckets: 60 },
} as const;

export type Range = keyof typeof ranges;
export const rangeNames = Object.keys(ranges) as Range[];
