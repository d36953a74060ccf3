export interface Logger {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** One JSON object per line. */
export function createLogger(write: (line: string) => void, now: () => Date): Logger {
  const at =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
      write(`${JSON.stringify({ level, time: now().toISOString(), msg: message, ...fields })}\n`);
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
