import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** pino: 50 error, 60 fatal. */
const errorLevel = 50;

function complaintOf(line: string): string | undefined {
  try {
    const { level, msg, component, err } = JSON.parse(line) as { level: number; msg: string; component?: string; err?: { message?: string } };
    return level >= errorLevel ? `${component ?? ''} ${msg}: ${err?.message ?? ''}` : undefined;
  } catch {
    return `not a log line: ${line}`;
  }
}

/** Lines of the logs of a home that say that something went wrong, but for those that a fault injected on purpose explains. */
export function unexpectedLines(home: string, expected: readonly RegExp[]): string[] {
  return ['guildhall.log', 'local-cluster.log'].flatMap((name) => {
    const path = join(home, 'logs', name);
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter((line) => line !== '') : [];
    return lines.flatMap((line) => {
      const complaint = complaintOf(line);
      return complaint === undefined || expected.some((pattern) => pattern.test(complaint)) ? [] : [`${name}: ${complaint}`];
    });
  });
}
