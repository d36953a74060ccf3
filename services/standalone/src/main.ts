import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { signInLines } from '@guildhall/control-plane';
import { SettingsError } from '@guildhall/process';
import { pino, type Logger } from 'pino';
import { adminTokenFile } from './admin-token-file.ts';
import { createDiskWatch, machineCapacity } from './capacity.ts';
import { runDemo } from './demo/demo.ts';
import { createEnding } from './ending.ts';
import { explain } from './explain.ts';
import { logFolder, makeHome } from './home.ts';
import { limitLogs, openLogFile } from './log-file.ts';
import { readSettings } from './settings.ts';
import { startStandalone, type Standalone } from './standalone.ts';
import { createTerminal, type Terminal } from './terminal.ts';

const usage = `Usage: npm start [-- --demo]

Starts Guildhall on this machine and waits for work; Ctrl-C ends it and every node that it runs.
  --demo   also creates a demonstration consortium and shows transactions on it

Settings, as environment variables: GUILDHALL_HOME (default .guildhall), GUILDHALL_HOST (127.0.0.1),
GUILDHALL_PORT (4000), GUILDHALL_PUBLIC_URL (none), GUILDHALL_LOG_LEVEL (info).`;

function readArguments(): { demo: boolean; help: boolean } {
  try {
    return parseArgs({ options: { demo: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } }).values;
  } catch (error) {
    throw new SettingsError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, { cause: error });
  }
}

const requireMachine = (): void => {
  if (process.platform !== 'linux') throw new SettingsError(`Guildhall runs on Linux only so far, and this is ${process.platform}`);
  if (!process.versions.node.startsWith('24.')) throw new SettingsError(`Guildhall runs under Node.js 24, and this is ${process.versions.node}: start it with npm start`);
};

async function demonstrate(standalone: Standalone, options: { home: string; terminal: Terminal; logFile: string; began: number; ending: AbortSignal }): Promise<void> {
  const { terminal, ending } = options;
  try {
    await runDemo({ url: standalone.url, tokenFile: adminTokenFile(options.home), terminal, prepared: standalone.fabricPrograms });
    terminal.line('\nThe consortium stays up until Ctrl-C.');
    terminal.line(`Demo consortium is ready after ${((Date.now() - options.began) / 1000).toFixed(1)} s`);
  } catch (error) {
    if (ending.aborted) return;
    terminal.line(`The demo failed: ${error instanceof Error ? error.message : String(error)}`);
    terminal.line(`The log is ${options.logFile}; Guildhall itself goes on.`);
    process.exitCode = 1;
  }
}

/** The terminal alone is told the link: the log would keep its code. */
async function signIn({ controlPlane, publicUrl }: Standalone, logger: Logger): Promise<string[]> {
  try {
    return signInLines(publicUrl, await controlPlane.sessions.issueSignInCode(), 'npm run sign-in');
  } catch (error) {
    logger.warn({ err: error }, 'a sign-in link could not be made');
    return ['  npm run sign-in makes a link to sign in to the console'];
  }
}

const tendEveryMs = 10_000;

/** What has to be looked after while Guildhall runs: its logs grow, and its disk may run full. */
function tendHome(home: string, logger: Logger, terminal: Terminal): void {
  const watchDisk = createDiskWatch(home, terminal.line);
  const tend = async (): Promise<void> => {
    try {
      limitLogs(logFolder(home));
      watchDisk(await machineCapacity(home));
    } catch (error) {
      logger.warn({ err: error }, 'the home could not be tended');
    }
  };
  void tend();
  setInterval(() => void tend(), tendEveryMs).unref();
}

async function main(): Promise<void> {
  const began = Date.now();
  const values = readArguments();
  if (values.help) {
    console.log(usage);
    return;
  }
  requireMachine();
  const settings = readSettings(process.env);
  // Who has closed the terminal, or the pipe, reads no more; what is to be ended still is.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const terminal = createTerminal((text) => process.stdout.write(text), Date.now);
  await makeHome(settings.home);
  const logFile = join(logFolder(settings.home), 'guildhall.log');
  const logger = pino({ level: settings.logLevel }, openLogFile(logFile, terminal.line));
  process.on('uncaughtExceptionMonitor', (error) => logger.fatal({ err: error }, 'Guildhall ends by a bug; its nodes run on, and the next start adopts them'));
  tendHome(settings.home, logger, terminal);

  terminal.line(`Guildhall starts; everything it keeps is in ${settings.home}`);
  // From here on processes run that outlive this one: an end that is asked for before all of them are up waits until they are.
  const ending = createEnding({ terminal, leave: () => process.exit(1) });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ending.ask);
  const standalone = await startStandalone(settings, terminal, logger, ending.signal).catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
    logger.info({ err: error }, 'the start was broken off');
    return undefined;
  });
  if (!standalone) return process.exit();

  const stop = (): void =>
    void standalone.stop(ending.tell).then(
      () => process.exit(),
      (error: unknown) => {
        console.error('Guildhall could not end everything:', explain(error));
        process.exit(1);
      },
    );
  if (ending.signal.aborted) return stop();
  ending.signal.addEventListener('abort', stop, { once: true });

  terminal.line(`Guildhall is ready: ${standalone.url}`);
  for (const line of await signIn(standalone, logger)) terminal.line(line);
  terminal.line(`  GraphQL is at ${standalone.url}/graphql; the administrator's token is in ${adminTokenFile(settings.home)}`);
  if (values.demo) await demonstrate(standalone, { home: settings.home, terminal, logFile, began, ending: ending.signal });
}

main().catch((error: unknown) => {
  console.error(explain(error));
  process.exit(1);
});
