import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, writePrivateFile } from './private-file.ts';

/** Where the administrator finds the token. */
export const adminTokenFile = (home: string): string => join(home, 'admin-token');

const begunFile = (home: string): string => join(home, 'admin-token.begun');

/** Makes a new token and writes it down. The database knows only its digest: one whose writing down was cut short is made again at the next start. */
export async function writeAdminToken(home: string, issue: () => Promise<string>): Promise<void> {
  await writePrivateFile(begunFile(home), '');
  await writePrivateFile(adminTokenFile(home), `${await issue()}\n`);
  await rm(begunFile(home));
}

/** At the first start of a home. Later the file may be gone: whoever has noted the token down may remove it. */
export async function ensureAdminToken(home: string, tokens: { hasAdminToken(): Promise<boolean>; issueAdminToken(): Promise<string> }): Promise<void> {
  const wasCutShort = (await readIfThere(begunFile(home))) !== undefined;
  if (wasCutShort || !(await tokens.hasAdminToken())) await writeAdminToken(home, tokens.issueAdminToken);
}
