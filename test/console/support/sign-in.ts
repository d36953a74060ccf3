import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { userEnvironment, type Guildhall } from '../../e2e/support/guildhall.ts';

const root = resolve(import.meta.dirname, '../../..');
const link = /^Sign in: (\S+\/sign-in#code=(\S+))$/m;

export const tokenOf = (home: string): string => readFileSync(join(home, 'admin-token'), 'utf8').trim();

/** The link that the start prints, with its code. */
export async function printedLink(guildhall: Guildhall): Promise<{ url: string; code: string }> {
  const [, url = '', code = ''] = await guildhall.says(link);
  return { url, code };
}

/** A script of the README, run on a home as a person would; what it prints. */
async function script(name: string, home: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'scripts', name)], { cwd: root, env: { ...userEnvironment(), GUILDHALL_HOME: home } });
  return stdout;
}

/** Another link, as `npm run sign-in` prints it. */
export const newLink = async (home: string): Promise<string> => link.exec(await script('sign-in.js', home))?.[1] ?? '';

/** Ends every session, as `npm run admin-token` does. */
export const renewToken = (home: string): Promise<string> => script('admin-token.js', home);

/** To the list of consortia. */
export async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('heading', { level: 1, name: 'Consortia' }).waitFor();
}

/** Without a page, in whichever language it is. */
export async function signInByToken(page: Page, url: string, home: string): Promise<void> {
  const session = await page.request.post('/session', { headers: { origin: url }, data: { token: tokenOf(home) } });
  if (!session.ok()) throw new Error(`signing in was refused with status ${session.status()}`);
}
