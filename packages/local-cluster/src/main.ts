import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { readSettings, type Settings } from './config.ts';
import { LocalClusterError } from './errors.ts';
import { exitCodes } from './launch.ts';
import { removeProcess } from './run-files.ts';
import { serveLocalCluster, type ServedCluster } from './serve.ts';
import { openPostgresStore } from './store/postgres.ts';
import { endPodsOf } from './workloads/process/end-all.ts';

const usage = 'usage: node main.ts [--leave-pods] SETTINGS_FILE (or GUILDHALL_LOCAL_CLUSTER_SETTINGS)';

const { values, positionals } = parseArgs({ options: { 'leave-pods': { type: 'boolean', default: false } }, allowPositionals: true });
const settingsFile = positionals[0] ?? process.env['GUILDHALL_LOCAL_CLUSTER_SETTINGS'];
if (settingsFile === undefined) {
  console.error(usage);
  process.exit(exitCodes.invalidSettings);
}
await run(settingsFile).catch(fail);

async function run(settingsFile: string): Promise<void> {
  const settings = readSettings(settingsFile);
  const logger = pino({ name: 'local-cluster', level: settings.logLevel });
  let served: ServedCluster | undefined;
  let ending = false;
  const end = (leavePods: boolean): void => {
    if (ending) return;
    ending = true;
    logger.info({ leavePods }, 'the local cluster ends');
    const ended = served === undefined ? endBeforeStart(settings, leavePods) : served.close({ leavePods });
    ended.then(() => process.exit(0), fail);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(values['leave-pods']));
  process.on('SIGHUP', () => end(true));

  served = await serveLocalCluster(settings, {
    settingsFile,
    openStore: (it) => openPostgresStore(it, logger),
    onForked(error) {
      logger.fatal({ err: error }, 'the local cluster ends at once; its pods go on');
      process.exit(exitCodes.failed);
    },
    logger,
  });
}

/** The pods that an earlier run left running are ended too: that is what was asked for. */
async function endBeforeStart({ home }: Settings, leavePods: boolean): Promise<void> {
  if (!leavePods) await endPodsOf(home);
  removeProcess(home);
}

/** Whoever started this process shows the last lines: the message comes last. */
function fail(error: unknown): never {
  if (!(error instanceof LocalClusterError)) {
    console.error(error);
    console.error(`The local cluster cannot go on: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(exitCodes.failed);
  }
  console.error(`${error.code}: ${error.message}\n${error.nextAction}`);
  if (error.code === 'ALREADY_RUNNING') process.exit(exitCodes.alreadyRunning);
  process.exit(error.code === 'INVALID_SETTINGS' ? exitCodes.invalidSettings : exitCodes.failed);
}
