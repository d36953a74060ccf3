import type { NodeLogSubscription } from '../graphql/generated/graphql.ts';

export type LogLine = NodeLogSubscription['nodeLog'][number];

/** A line with its number since the log is followed, by which it stays the same line. */
export interface NumberedLine extends LogLine {
  readonly number: number;
}

/** The lines with others after them; of more than `kept` the oldest are forgotten. */
export function withLines(known: readonly NumberedLine[], lines: readonly LogLine[], kept: number): readonly NumberedLine[] {
  const next = (known.at(-1)?.number ?? -1) + 1;
  return [...known, ...lines.map((line, index) => ({ ...line, number: next + index }))].slice(-kept);
}

const levels = ['debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof levels)[number];
export const knownLevel = (level: string | null): LogLevel | undefined => levels.find((known) => known === level);
