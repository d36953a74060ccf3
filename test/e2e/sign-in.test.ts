import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { createApi } from './support/api.ts';
import { createHome, userEnvironment, type Guildhall, type Home } from './support/guildhall.ts';
import { until } from './support/until.ts';

const root = resolve(import.meta.dirname, '../..');
let home: Home;
let guildhall: Guildhall;
before(async () => {
  home = await createHome();
  guildhall = await home.start();
});
after(() => home[Symbol.asyncDispose]());

const link = /^Sign in: (http:\/\/\S+)\/sign-in#code=([A-Za-z0-9_-]{43})$/m;
const run = (script: string): Promise<{ stdout: string }> => promisify(execFile)(process.execPath, [join(root, 'scripts', script)], { cwd: root, env: { ...userEnvironment(), GUILDHALL_HOME: home.path } });
const signIn = (code: string): Promise<Response> => fetch(`${guildhall.url}/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code }) });
const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
const whoIs = (cookie: string): Promise<Response> => fetch(`${guildhall.url}/session`, { headers: { cookie } });

test('the link that the start prints signs in once, and is in no log', async () => {
  const [, url, code = ''] = await guildhall.says(link);
  assert.equal(url, guildhall.url);
  const response = await signIn(code);
  assert.equal(response.status, 204);
  assert.equal(((await (await whoIs(cookieOf(response))).json()) as { actor: string }).actor, 'admin');
  assert.equal((await signIn(code)).status, 401);
  for (const name of readdirSync(join(home.path, 'logs'))) assert.ok(!readFileSync(join(home.path, 'logs', name), 'utf8').includes(code), name);
});

test('npm run sign-in prints another link while Guildhall runs; a new token ends the session', async () => {
  const [, url, code = ''] = link.exec((await run('sign-in.js')).stdout) ?? [];
  assert.equal(url, guildhall.url);
  const cookie = cookieOf(await signIn(code));
  assert.equal((await whoIs(cookie)).status, 200);
  await run('admin-token.js');
  assert.equal((await whoIs(cookie)).status, 401);
});

test('what runs is told, with the preparation', async () => {
  const api = createApi(guildhall.url, readFileSync(join(home.path, 'admin-token'), 'utf8').trim());
  const platform = await until('everything is prepared', async () => {
    const answer = await api.request<{ platform: { cluster: string; fabric: string | null; home: string; preparation: { title: string; state: string }[] } }>('{ platform { cluster fabric home preparation { title state } } }');
    return answer.platform.preparation.every(({ state }) => state === 'succeeded') && answer.platform;
  });
  assert.deepEqual(platform.preparation.map(({ title }) => title), ['Programs of Fabric', 'Console']);
  assert.deepEqual([platform.cluster, platform.home], ['local', home.path]);
  assert.match(platform.fabric ?? '', /^3\.1\.\d+$/);
});

test('Guildhall that does not run gives no link, and says so', async () => {
  await guildhall.stop();
  await assert.rejects(run('sign-in.js'), /Guildhall does not run with its home in/);
});
