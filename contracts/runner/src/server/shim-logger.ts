// Stands in for fabric-shim/lib/logger.js, and has what its modules use of that.

let report: (message: string) => void = () => undefined;

/** @param reporter told of what fabric-shim takes for a problem */
export const reportTo = (reporter: (message: string) => void): void => void (report = reporter);

const silent = (): void => undefined;
const problem = (message: unknown): void => report(String(message));
const logger = { debug: silent, info: silent, warn: problem, error: problem };

export const getLogger = (): typeof logger => logger;
