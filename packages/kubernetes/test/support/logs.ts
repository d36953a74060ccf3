import type { Logger } from '../../src/logger.ts';

export interface Line {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  fields: Record<string, unknown>;
}

/** A logger whose lines can be looked at. */
export function collectLogs(): Logger & { lines: Line[] } {
  const lines: Line[] = [];
  const at = (bindings: Record<string, unknown>): Logger => {
    const write = (level: Line['level']) => (fields: object, message: string) =>
      void lines.push({ level, message, fields: { ...bindings, ...fields } });
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error'), child: (more) => at({ ...bindings, ...more }) };
  };
  return { ...at({}), lines };
}
