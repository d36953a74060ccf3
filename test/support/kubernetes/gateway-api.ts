import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file with the kind TLSRoute, from the Go module of the Gateway API whose checksum is beside this file. */
export function tlsRouteFile(): string {
  const module = mkdtempSync(join(tmpdir(), 'guildhall-gateway-api-'));
  try {
    cpSync(fileURLToPath(new URL('gateway-api', import.meta.url)), module, { recursive: true });
    const { status, stdout, stderr, error } = spawnSync('go', ['mod', 'download', '-json', 'sigs.k8s.io/gateway-api'], { cwd: module, encoding: 'utf8', env: { ...process.env, GOFLAGS: '-mod=mod', GOWORK: 'off' } });
    if (status !== 0) throw new Error(`the Gateway API could not be had: ${error?.message ?? stderr}${stdout}`);
    const { Dir } = JSON.parse(stdout) as { Dir: string };
    return join(Dir, 'config/crd/experimental/gateway.networking.k8s.io_tlsroutes.yaml');
  } finally {
    rmSync(module, { recursive: true, force: true });
  }
}
