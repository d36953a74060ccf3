import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGraphQLClient, createTerminal, startStandalone, type Standalone } from '@guildhall/standalone';
import { destination, pino } from 'pino';
import { createNetworks, type Networks } from './networks.ts';

export interface BenchedGuildhall extends Networks {
  stop(): Promise<void>;
}

/** Guildhall on this machine alone, with everything prepared (programs, database), in a home of its own. */
export async function startBenchedGuildhall(): Promise<BenchedGuildhall> {
  const home = await mkdtemp(join(tmpdir(), 'guildhall-bench-home-'));
  const quiet = createTerminal(() => undefined, Date.now);
  const logger = pino({ level: 'info' }, destination({ dest: join(home, 'guildhall.log'), sync: false }));
  const standalone: Standalone = await startStandalone({ home, host: '127.0.0.1', port: 0, logLevel: 'info' }, quiet, logger);
  await standalone.fabricPrograms;
  return {
    ...createNetworks(createGraphQLClient(standalone.url, (await readFile(join(home, 'admin-token'), 'utf8')).trim())),
    stop: async () => {
      await standalone.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
