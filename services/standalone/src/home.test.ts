import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { HomeInUseError, HomeUnusableError, openHome } from './home.ts';

let root: string;
before(() => {
  root = mkdtempSync(join(tmpdir(), 'guildhall-home-'));
});
after(() => rmSync(root, { recursive: true, force: true }));

test('a home is for its owner only, and for one process at a time', async () => {
  const path = join(root, 'one');
  const home = await openHome(path);
  assert.equal(statSync(path).mode & 0o777, 0o700);
  await assert.rejects(openHome(path), (error) => error instanceof HomeInUseError && error.message.includes(`process ${process.pid}`) && /GUILDHALL_HOME/.test(error.message));
  await home.release();
  await (await openHome(path)).release();
});

test('the same folder by another name is the same home', async () => {
  const path = join(root, 'named');
  const home = await openHome(path);
  symlinkSync(path, join(root, 'alias'));
  await assert.rejects(openHome(join(root, 'alias')), HomeInUseError);
  await home.release();
});

test('of many that start at once exactly one gets the home', async () => {
  const path = join(root, 'contested');
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => openHome(path)));
  const held = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  assert.equal(held.length, 1);
  await Promise.all(held.map(({ value }) => value.release()));
});

test('what a killed process left does not count, whatever it is', async () => {
  const path = join(root, 'left');
  const script = `const { openHome } = await import(${JSON.stringify(new URL('./home.ts', import.meta.url).href)}); await openHome(${JSON.stringify(path)}); console.log('held'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  await assert.rejects(openHome(path), new RegExp(`process ${holder.pid}`));
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  writeFileSync(join(path, 'guildhall.pid'), 'half a wri');
  await (await openHome(path)).release();
});

test('a folder that cannot be made is named, with what to do', async () => {
  writeFileSync(join(root, 'file'), '');
  await assert.rejects(openHome(join(root, 'file', 'home')), (error) => error instanceof HomeUnusableError && error.message.includes(join(root, 'file', 'home')) && /GUILDHALL_HOME/.test(error.message));
});

test('a home that another account has made is refused, also to root', { skip: process.getuid?.() === 0 ? false : 'only root can give files away' }, async () => {
  const path = join(root, 'theirs');
  await (await openHome(path)).release();
  writeFileSync(join(path, 'secrets.json'), '');
  chownSync(join(path, 'secrets.json'), 4711, 4711);
  await assert.rejects(openHome(path), (error) => error instanceof HomeUnusableError && error.message.includes(path) && /user id 4711, and this is 0/.test(error.message));
});

test('wrong arguments and settings are said in sentences, without a stack', () => {
  const start = (args: string[], env: Record<string, string> = {}): string => {
    try {
      execFileSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], { env: { PATH: process.env['PATH'], GUILDHALL_HOME: join(root, 'never'), ...env }, stdio: 'pipe' });
    } catch (error) {
      return String((error as { stderr?: Buffer }).stderr);
    }
    return 'it started';
  };
  assert.match(start(['--dmeo']), /^Unknown option '--dmeo'[\s\S]*Usage: npm start/);
  assert.match(start([], { GUILDHALL_HOME: join(root, 'file', 'home') }), /^The folder .* cannot be used/);
});
