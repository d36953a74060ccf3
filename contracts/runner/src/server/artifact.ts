import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from './logger.ts';

/** Far above any contract, far below what could hurt. */
const maximumSize = 10 * 1024 * 1024;

export class ArtifactError extends Error {
  readonly code: 'DIGEST_MISMATCH' | 'UNAVAILABLE' | 'TOO_LARGE';

  constructor(code: ArtifactError['code'], message: string) {
    super(message);
    this.name = 'ArtifactError';
    this.code = code;
  }
}

interface Options {
  /** `sha256:<hex>` of the bytes that may run. */
  readonly digest: string;
  readonly url: string;
  /** Folder in which the bytes are kept, so that a restart does not need the URL. */
  readonly cache: string;
  readonly fetch: typeof fetch;
  readonly logger: Logger;
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
}

export const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Returns the artifact with this digest, from the cache or from the URL, asking again for as long as the URL does not answer. */
export async function loadArtifact({ digest, url, cache, fetch, logger, sleep, signal }: Options): Promise<string> {
  const file = join(cache, `${digest.replace(':', '-')}.js`);
  const kept = await readKept(file);
  if (kept && digestOf(kept) === digest) return kept.toString('utf8');
  if (kept) logger.warn('the kept artifact is damaged; fetching it again', { file });
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      const bytes = await download(url, fetch, signal);
      const found = digestOf(bytes);
      if (found !== digest) throw new ArtifactError('DIGEST_MISMATCH', `${url} serves ${found}, but only ${digest} may run here`);
      await keep(cache, file, bytes);
      return bytes.toString('utf8');
    } catch (error) {
      if (!(error instanceof ArtifactError) || error.code !== 'UNAVAILABLE') throw error;
      const delay = Math.min(10_000, 100 * 2 ** attempt);
      logger.warn('the artifact is not available yet', { reason: error.message, retryAfterMs: delay });
      await sleep(delay);
    }
  }
}

async function readKept(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function download(url: string, fetch: Options['fetch'], signal: AbortSignal): Promise<Buffer> {
  const response = await attempt(url, async () =>
    fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]), redirect: 'error' }),
  );
  if (response.status === 404) throw new ArtifactError('UNAVAILABLE', `${url} does not have the artifact (404)`);
  if (!response.ok) throw new ArtifactError('UNAVAILABLE', `${url} answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  await attempt(url, async () => {
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > maximumSize) throw new ArtifactError('TOO_LARGE', `${url} serves more than ${maximumSize} bytes`);
      chunks.push(chunk);
    }
  });
  return Buffer.concat(chunks);
}

/** Whatever goes wrong on the way is worth another try; what arrives whole is judged by its digest. */
async function attempt<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ArtifactError) throw error;
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    throw new ArtifactError('UNAVAILABLE', `${url} cannot be read (${error instanceof Error ? error.message : 'unknown'}${cause})`);
  }
}

/** Written beside and renamed, so that a reader never sees half a file. */
async function keep(cache: string, file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(cache, { recursive: true });
  const temporary = `${file}.${randomUUID()}`;
  try {
    await writeFile(temporary, bytes, { mode: 0o600 });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
