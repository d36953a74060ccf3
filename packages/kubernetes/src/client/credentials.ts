import { readFile } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { TransportError } from '../errors.ts';

/** Kubernetes renews a projected token at 80 % of its life; client-go reads the file once a minute. */
const rereadAfterMs = 60_000;

export interface Credentials {
  /** The bearer token; `fresh` reads the file again (after a 401). */
  token(options?: { fresh?: boolean }): Promise<string | undefined>;
  /** Whether a 401 may pass by reading again. */
  renewable: boolean;
}

export function createCredentials(
  source: { token?: string | undefined; tokenFile?: string | undefined },
  clock: Clock,
  read: (path: string) => Promise<string> = (path) => readFile(path, 'utf8'),
): Credentials {
  const { token, tokenFile } = source;
  if (tokenFile === undefined) return { renewable: false, token: () => Promise.resolve(token) };

  let current: { value: string; readAt: number } | undefined;
  return {
    renewable: true,
    async token({ fresh = false } = {}) {
      if (current && !fresh && clock.monotonic() - current.readAt < rereadAfterMs) return current.value;
      try {
        const value = (await read(tokenFile)).trim();
        current = { value, readAt: clock.monotonic() };
        return value;
      } catch (cause) {
        // A file that is being replaced must not stop the process: the last token is good for a while.
        if (current) return current.value;
        throw new TransportError('NoCredentials', `cannot read the token file ${tokenFile}: create it or correct its path`, { cause });
      }
    },
  };
}
