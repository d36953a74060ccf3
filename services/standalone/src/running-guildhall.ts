import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { HomeUnusableError, makeHome } from './home.ts';
import { postgresAccount } from './postgres/account.ts';
import { dataFolder } from './postgres/data-folder.ts';
import { databaseUrl } from './postgres/databases.ts';
import { runningServer } from './postgres/server.ts';
import { readIfThere, writePrivateFile } from './private-file.ts';
import { openSecrets, secretsFile } from './secrets.ts';

const notRunning = (home: string): HomeUnusableError => new HomeUnusableError(`Guildhall does not run with its home in ${home}: start it first, or set GUILDHALL_HOME`);

/** The control plane's database of the Guildhall that runs with this home. */
export async function runningDatabase(home: string): Promise<string> {
  // Looked for before anything is opened, which would make it.
  await access(secretsFile(home)).catch(() => Promise.reject(notRunning(home)));
  await makeHome(home);
  const { folder } = await dataFolder(home, await postgresAccount());
  const server = await runningServer(folder);
  if (!server) throw notRunning(home);
  const { database } = await openSecrets(home);
  return databaseUrl(server, database, 'controlPlane');
}

const addressFile = (home: string): string => join(home, 'address');

/** Writes down where people reach this Guildhall: its port and its proxy are known to the process that runs, not to the home. */
export const writeAddress = (home: string, url: string): Promise<void> => writePrivateFile(addressFile(home), `${url}\n`);

export async function runningAddress(home: string): Promise<string> {
  const url = (await readIfThere(addressFile(home)))?.trim();
  if (url === undefined) throw notRunning(home);
  return url;
}
