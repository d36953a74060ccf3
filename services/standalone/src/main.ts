import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CertificateAuthorityError } from '@guildhall/certificate-authority';
import { destination, pino } from 'pino';
import { runDemo } from './demo/demo.ts';
import { HomeInUseError, HomeUnusableError, makeHome } from './home.ts';
import { AddressTakenError } from './listen-address.ts';
import { SecretsDamagedError } from './secrets.ts';
import { readSettings, SettingsError } from './settings.ts';
import { startStandalone, type Standalone } from './standalone.ts';
import { createTerminal } from './terminal.ts';

const usage = `Usage: npm start [-- --demo]

Starts Guildhall on this machine and waits for work; Ctrl-C ends it and every node that it runs.
  --demo   also creates a demonstration consortium and shows transactions on it

Settings, as environment variables: GUILDHALL_HOME (default .guildhall), GUILDHALL_HOST (127.0.0.1),
GUILDHALL_PORT (4000), GUILDHALL_LOG_LEVEL (info).`;

function readArguments(): { demo: boolean; help: boolean } {
  try {
    return parseArgs({ options: { demo: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } }).values;
  } catch (error) {
    throw new SettingsError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, { cause: error });
  }
}

async function main(): Promise<void> {
  const began = Date.now();
  const values = readArguments();
  if (values.help) {
    console.log(usage);
    return;
  }
  if (!process.versions.node.startsWith('24.')) throw new SettingsError(`Guildhall runs under Node.js 24, and this is ${process.versions.node}: start it with npm start`);
  const settings = readSettings(process.env);
  const terminal = createTerminal((text) => process.stdout.write(text), Date.now);
  const logFolder = join(settings.home, 'logs');
  await makeHome(settings.home);
  const logger = pino({ level: settings.logLevel }, destination({ dest: join(logFolder, 'guildhall.log'), mode: 0o600, sync: true }));

  terminal.line(`Guildhall starts; everything it keeps is in ${settings.home}`);
  // From here on processes run that outlive this one: an end that is asked for before all of them are up waits until they are.
  let standalone: Standalone | undefined;
  let asked = false;
  const stopAll = (running: Standalone): Promise<void> =>
    running.stop().then(
      () => process.exit(process.exitCode ?? 0),
      (error: unknown) => {
        console.error('Guildhall could not end everything:', error);
        process.exit(1);
      },
    );
  const end = (): void => {
    if (asked) return;
    asked = true;
    terminal.line('\nGuildhall ends, and every node with it; a new start brings them back with their data.');
    if (standalone) void stopAll(standalone);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);

  standalone = await startStandalone(settings, terminal, logger);
  if (asked) return stopAll(standalone);

  terminal.line(`Guildhall is ready: ${standalone.url}`);
  terminal.line(`  GraphQL is at ${standalone.url}/graphql; the administrator's token is in ${join(settings.home, 'admin-token')}`);
  standalone.fabricPrograms.catch((error: unknown) => {
    terminal.line(`Fabric's programs are missing, so no node can run:\n${error instanceof Error ? error.message : String(error)}`);
  });
  if (values.demo) {
    try {
      await runDemo({ url: standalone.url, tokenFile: join(settings.home, 'admin-token'), terminal, prepared: standalone.fabricPrograms });
      terminal.line(`Demo consortium is ready after ${((Date.now() - began) / 1000).toFixed(1)} s`);
      terminal.line('It stays up until Ctrl-C.');
    } catch (error) {
      terminal.line(`The demo failed: ${error instanceof Error ? error.message : String(error)}`);
      terminal.line(`The log is ${join(logFolder, 'guildhall.log')}; Guildhall itself goes on.`);
      process.exitCode = 1;
    }
  }
}

/** Errors that a person can mend; their messages say how. */
const explained = [SettingsError, HomeInUseError, HomeUnusableError, AddressTakenError, SecretsDamagedError, CertificateAuthorityError];

main().catch((error: unknown) => {
  // Of others all there is to know is said.
  console.error(error instanceof Error && explained.some((kind) => error instanceof kind) ? error.message : error);
  process.exit(1);
});
