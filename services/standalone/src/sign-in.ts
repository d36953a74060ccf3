import { issueSignInCode, signInLines } from '@guildhall/control-plane';
import { explain } from './explain.ts';
import { runningAddress, runningDatabase } from './running-guildhall.ts';
import { readSettings } from './settings.ts';

// Prints a new link to sign in to the console as the administrator. Guildhall must be running.

async function main(): Promise<void> {
  const { home } = readSettings(process.env);
  const database = await runningDatabase(home);
  const url = await runningAddress(home);
  for (const line of signInLines(url, await issueSignInCode(database), 'npm run sign-in')) console.log(line);
}

main().catch((error: unknown) => {
  console.error(explain(error));
  process.exit(1);
});
