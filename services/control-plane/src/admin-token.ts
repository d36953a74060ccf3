import { runAccessProgram } from './access/access-program.ts';
import { issueAdminToken } from './access/issue-access.ts';

// Makes a new administrator's token and prints it, once: only its digest is kept.

runAccessProgram(async ({ databaseUrl }) => [
  await issueAdminToken(databaseUrl),
  'It is shown this once; keep it where programs that use the API find it. The one before, and every session begun under it, is worth nothing now.',
]);
