import { issueAdminToken } from '@guildhall/control-plane';
import { adminTokenFile, writeAdminToken } from './admin-token-file.ts';
import { explain } from './explain.ts';
import { runningDatabase } from './running-guildhall.ts';
import { readSettings } from './settings.ts';

// Makes a new administrator's token and writes it where the first one was. Guildhall must be running.

async function main(): Promise<void> {
  const { home } = readSettings(process.env);
  const database = await runningDatabase(home);
  await writeAdminToken(home, () => issueAdminToken(database));
  console.log(`A new token is in ${adminTokenFile(home)}; the one before, and every session begun under it, is worth nothing now.`);
}

main().catch((error: unknown) => {
  console.error(explain(error));
  process.exit(1);
});
