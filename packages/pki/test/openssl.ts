import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface OpenSsl {
  /** Writes a file into the run's folder and returns its path. */
  file(name: string, content: string | Uint8Array): string;
  run(...args: string[]): { readonly ok: boolean; readonly output: string };
  [Symbol.dispose](): void;
}

/** OpenSSL's command line as the independent judge of what we encode. */
export function openSsl(): OpenSsl {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-openssl-'));
  return {
    file(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content, { mode: 0o600 });
      return path;
    },
    run(...args) {
      const result = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
      if (result.error !== undefined) throw result.error;
      return { ok: result.status === 0, output: result.stdout + result.stderr };
    },
    [Symbol.dispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
