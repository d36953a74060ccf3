import { runAccessProgram } from './access/access-program.ts';
import { issueSignInCode } from './access/issue-access.ts';
import { linkAddress } from './access/link-address.ts';
import { signInLines } from './access/sign-in-link.ts';

// Prints a link to sign in to the console as the administrator, once. The first one of all makes the administrator.

runAccessProgram(async ({ databaseUrl, publicUrl, words }) => {
  const address = linkAddress(publicUrl, words);
  return signInLines(address, await issueSignInCode(databaseUrl), 'this program');
});
