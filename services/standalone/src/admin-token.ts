import { join } from 'node:path';
import { issueAdminToken } from '@guildhall/control-plane';
import { dataFolder } from './postgres/data-folder.ts';
import { postgresAccount } from './postgres/account.ts';
import { databaseUrl } from './postgres/databases.ts';
import { runningServer } from './postgres/server.ts';
import { writePrivateFile } from './private-file.ts';
import { openSecrets } from './secrets.ts';
import { readSettings } from './settings.ts';

// Makes a new administrator's token and writes it where the first one was. Guildhall must be running.

const { home } = readSettings(process.env);
const { folder } = await dataFolder(home, await postgresAccount());
const server = await runningServer(folder);
if (!server) {
  console.error(`Guildhall does not run with its home in ${home}: start it first, or set GUILDHALL_HOME`);
  process.exit(1);
}
const { database } = await openSecrets(home);
const file = join(home, 'admin-token');
await writePrivateFile(file, `${await issueAdminToken(databaseUrl(server, database, 'controlPlane'))}\n`);
console.log(`A new token is in ${file}; the one before is worth nothing now.`);
