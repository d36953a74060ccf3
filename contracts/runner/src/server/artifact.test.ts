import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { digestOf, loadArtifact } from './artifact.ts';

const bytes = Buffer.from('var contract = {}');
const digest = digestOf(bytes);
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('an artifact', () => {
  let cache: string;
  beforeEach(async () => void (cache = await mkdtemp(join(tmpdir(), 'guildhall-artifact-'))));
  afterEach(async () => rm(cache, { recursive: true, force: true }));

  /** Loads with answers in turn; an Error is a connection that fails. */
  async function load(answers: readonly (Response | Error)[]): Promise<{ source: string; waits: number[]; asked: number }> {
    const waits: number[] = [];
    let asked = 0;
    const source = await loadArtifact({
      digest,
      url: 'http://control-plane/artifacts',
      cache,
      logger: quiet,
      signal: new AbortController().signal,
      sleep: async (ms) => void waits.push(ms),
      async fetch() {
        const answer = answers[asked];
        asked += 1;
        if (!answer) throw new Error('nothing more to answer');
        if (answer instanceof Error) throw answer;
        return answer;
      },
    });
    return { source, waits, asked };
  }

  test('is fetched once and kept for restarts without the control plane', async () => {
    assert.equal((await load([new Response(bytes)])).source, bytes.toString());
    assert.deepEqual(await load([]), { source: bytes.toString(), waits: [], asked: 0 });
  });

  test('is asked for again, later and later, while nobody serves it', async () => {
    const { waits, source } = await load([
      new TypeError('refused'),
      new Response('', { status: 503 }),
      new Response('', { status: 404 }),
      new Response(bytes),
    ]);
    assert.equal(source, bytes.toString());
    assert.deepEqual(waits, [100, 200, 400]);
  });

  test('with another digest is refused, and nothing is kept', async () => {
    await assert.rejects(load([new Response('something else')]), { code: 'DIGEST_MISMATCH' });
    assert.deepEqual(await readdir(cache), []);
  });

  test('that is too large is refused before it is all here', async () => {
    const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)) });
    await assert.rejects(load([new Response(endless)]), { code: 'TOO_LARGE' });
  });

  test('that was damaged on disk is fetched again', async () => {
    await load([new Response(bytes)]);
    const [file] = await readdir(cache);
    await writeFile(join(cache, file!), 'damaged');
    assert.equal((await load([new Response(bytes)])).asked, 1);
    assert.deepEqual(await readFile(join(cache, file!)), bytes);
  });
});
