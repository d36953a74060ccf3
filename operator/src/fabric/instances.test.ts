import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import test, { type TestContext } from 'node:test';
import type { InstanceInspection } from '../ports/fabric.ts';
import { inspectInstance } from './instances.ts';

const expected = { artifactDigest: 'sha256:ab', packageId: 'receivable_1:cd' };
const never = new AbortController().signal;

async function shown(t: TestContext, answer: RequestListener, timeoutMs = 5_000): Promise<InstanceInspection> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return inspectInstance(`http://127.0.0.1:${address.port}/healthz`, expected, { timeoutMs, signal: never });
}

test('an instance is healthy when it says that it runs the agreed code for the agreed package', async (t) => {
  assert.deepEqual(await shown(t, (_, response) => response.end(JSON.stringify(expected))), { healthy: true, why: '', silent: false });
  assert.match((await shown(t, (_, response) => response.end(JSON.stringify({ ...expected, artifactDigest: 'other' })))).why, /runs the code other instead of sha256:ab/);
  assert.match((await shown(t, (_, response) => response.end(JSON.stringify({ ...expected, packageId: 'other' })))).why, /serves the package other/);
});

test('what else answers there is told for what it is', async (t) => {
  assert.match((await shown(t, (_, response) => response.writeHead(503).end('starting'))).why, /status 503/);
  assert.match((await shown(t, (_, response) => response.end('<html>'))).why, /not the health of a contract runner/);
  assert.match((await shown(t, (_, response) => response.writeHead(302, { location: '/other' }).end())).why, /./);
});

test('an answer without end is not read to its end', async (t) => {
  const inspection = await shown(t, (_, response) => {
    const more = (): void => void (response.destroyed || response.write(Buffer.alloc(32 * 1024, ' '), () => setImmediate(more)));
    more();
  });
  assert.match(inspection.why, /not the health of a contract runner/);
});

test('silence is told apart from nobody there', async (t) => {
  assert.deepEqual(await shown(t, () => undefined, 100), { healthy: false, why: 'it does not answer within 100 ms', silent: true });
  assert.deepEqual(await inspectInstance('http://127.0.0.1:1/healthz', expected, { timeoutMs: 5_000, signal: never }), { healthy: false, why: 'it does not listen yet', silent: false });
});
