import { stripVTControlCharacters } from 'node:util';

/** One line of a node's or a contract's log, as people can read it. */
export interface LogLine {
  /** When it was written, as the line itself says; null where it does not. */
  at: Date | null;
  level: LogLevel | null;
  text: string;
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Longer lines are cut: a stack trace has a line for each frame. */
const longestText = 4000;

/** Of zap, of Fabric's own format (four letters), of others. */
const levels: Readonly<Record<string, LogLevel>> = {
  trace: 'debug', debug: 'debug', debu: 'debug', payload: 'debug', info: 'info', warn: 'warn', warning: 'warn', erro: 'error', error: 'error',
  dpanic: 'fatal', panic: 'fatal', pani: 'fatal', fatal: 'fatal', fata: 'fatal',
};
const levelOf = (text: unknown): LogLevel | null => (typeof text === 'string' ? (levels[text.toLowerCase()] ?? null) : null);

/** Seconds since the epoch (zap's default), or RFC 3339. */
function timeOf(value: unknown): Date | null {
  const time = typeof value === 'number' ? new Date(value * 1000) : typeof value === 'string' ? new Date(value) : undefined;
  return time === undefined || Number.isNaN(time.getTime()) ? null : time;
}

/**
 * Whoever makes a node log something chooses what is in it. Left out are what a terminal would obey, control characters, and marks that turn
 * the direction of what follows (U+061C, U+200E-200F, U+202A-202E, U+2066-2069).
 */
function visible(text: string): string {
  const plain = stripVTControlCharacters(text).replaceAll('\t', '  ').replace(/[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '').toWellFormed();
  return plain.length > longestText ? `${plain.slice(0, longestText)}…` : plain;
}

const known = new Set(['level', 'ts', 'time', 'name', 'caller', 'msg']);

function ofJson(raw: string): LogLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    // Cut in the middle, or no JSON after all: it is shown as it is.
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { level, ts, time, name, msg } = value as Record<string, unknown>;
  if (typeof msg !== 'string') return undefined;
  const more = Object.entries(value).filter(([field]) => !known.has(field)).map(([field, given]) => `${field}=${typeof given === 'string' ? given : JSON.stringify(given)}`);
  return { at: timeOf(ts ?? time), level: levelOf(level), text: visible([...(typeof name === 'string' ? [`[${name}]`] : []), msg, ...more].join(' ')) };
}

/** Fabric's format for terminals: `2026-01-01 00:00:00.000 UTC 0001 INFO [module] message`. */
const forTerminals = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) UTC (?:[0-9a-f]+ )?([A-Z]{4})\b ?(.*)$/s;

export function logLine(raw: string): LogLine {
  const line = raw.startsWith('{') ? ofJson(raw) : undefined;
  if (line !== undefined) return line;
  const text = visible(raw);
  const [, day = '', time = '', level, rest = ''] = forTerminals.exec(text) ?? [];
  return level === undefined ? { at: null, level: null, text } : { at: timeOf(`${day}T${time}Z`), level: levelOf(level), text: rest };
}
