import { access } from 'node:fs/promises';
import { issueAdminToken } from '@guildhall/control-plane';
import { adminTokenFile, writeAdminToken } from './admin-token-file.ts';
import { explain } from './explain.ts';
import { HomeUnusableError, makeHome } from './home.ts';
import { postgresAccount } from './postgres/account.ts';
import { dataFolder } from './postgres/data-folder.ts';
import { databaseUrl } from './postgres/databases.ts';
import { runningServer } from './postgres/server.ts';
import { openSecrets, secretsFile } from './secrets.ts';
import { readSettings } from './settings.ts';

// Makes a new administrator's token and writes it where the first one was. Guildhall must be running.

async function main(): Promise<void> {
  const { home } = readSettings(process.env);
  const notRunning = new HomeUnusableError(`Guildhall does not run with its home in ${home}: start it first, or set GUILDHALL_HOME`);
  // Looked for before anything is opened, which would make it.
  await access(secretsFile(home)).catch(() => Promise.reject(notRunning));
  await makeHome(home);
  const { folder } = await dataFolder(home, await postgresAccount());
  const server = await runningServer(folder);
  if (!server) throw notRunning;
  const { database } = await openSecrets(home);
  await writeAdminToken(home, () => issueAdminToken(databaseUrl(server, database, 'controlPlane')));
  console.log(`A new token is in ${adminTokenFile(home)}; the one before is worth nothing now.`);
}

main().catch((error: unknown) => {
  console.error(explain(error));
  process.exit(1);
});
