import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createHealth, eventLoopCheck, serveHealth } from './health.ts';
import { createMetrics } from './metrics.ts';

describe('health', () => {
  it('is served with the reasons, apart for ready and live, beside the metrics', async () => {
    const health = createHealth();
    const metrics = createMetrics();
    metrics.controller('nodes', 4);
    let caches: string | undefined = 'not read yet: Pod';
    health.addReady('caches', () => caches);
    health.addLive('watches', () => undefined);
    const server = await serveHealth({ health, metrics });
    const get = async (path: string): Promise<[number, string]> => {
      const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
      return [response.status, await response.text()];
    };
    try {
      assert.deepEqual(await get('/readyz'), [503, '{"ok":false,"checks":{"caches":"not read yet: Pod"}}\n']);
      assert.deepEqual(await get('/healthz'), [200, '{"ok":true,"checks":{"watches":"ok"}}\n']);
      caches = undefined;
      assert.equal((await get('/readyz?verbose'))[0], 200);
      health.addLive('buggy', () => {
        throw new Error('a bug in a check');
      });
      assert.deepEqual(await get('/healthz'), [503, '{"ok":false,"checks":{"watches":"ok","buggy":"the check failed: Error: a bug in a check"}}\n']);
      assert.equal((await get('/'))[0], 404);
      const [status, text] = await get('/metrics');
      assert.equal(status, 200);
      assert.match(text, /^guildhall_reconcile_total\{controller="nodes",result="success"\} 0$/m);
    } finally {
      await server.close();
    }
  });

  it('notices an event loop that is late', async () => {
    const { check, stop } = eventLoopCheck({ limitMs: 50 });
    try {
      await new Promise((resolve) => setTimeout(resolve, 100));
      check();
      for (let round = 0; round < 3; round++) {
        const end = performance.now() + 150;
        while (performance.now() < end); // blocks, as a bug would
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.match(check() ?? '', /the event loop is \d+ ms late/);
    } finally {
      stop();
    }
  });
});
