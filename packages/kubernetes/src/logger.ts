type Log = (fields: object, message: string) => void;

/** The part of a pino logger that the runtime uses. */
export interface Logger {
  debug: Log;
  info: Log;
  warn: Log;
  error: Log;
  child(bindings: Record<string, unknown>): Logger;
}

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};
