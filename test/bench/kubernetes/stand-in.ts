import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KubernetesNode } from '../../support/kubernetes/node.ts';

const source = fileURLToPath(new URL('stand-in/main.go', import.meta.url));

/** From now on, peers' pods that are made run the stand-in: it takes the name of the peer's image. What runs already is not touched. */
export async function standInForPeers({ images }: KubernetesNode, { name, tag }: { name: string; tag: string }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-stand-in-'));
  try {
    const program = join(folder, 'peer');
    const { status, stderr, error } = spawnSync('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', program, source], { encoding: 'utf8', env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' } });
    if (status !== 0) throw new Error(`the stand-in cannot be built: ${error?.message ?? stderr}`);
    await images.load({
      reference: `docker.io/${name}:${tag}`,
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      layers: [[{ path: '/usr/local/bin/peer', from: { file: program }, mode: 0o755 }]],
      entrypoint: ['peer'],
      environment: ['PATH=/usr/local/bin'],
      user: 65532,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
