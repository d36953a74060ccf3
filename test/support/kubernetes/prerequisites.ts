import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs, and the Debian package that each is in. */
const programs = { containerd: 'containerd', ctr: 'containerd', runc: 'runc', iptables: 'iptables', conntrack: 'conntrack', ip: 'iproute2', unshare: 'util-linux' };
/** What a node has for itself, as `unshare` names it. */
export const ownNamespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
const pluginFolders = ['/usr/lib/cni', '/opt/cni/bin'];

/** Where the plugins of the container network are. */
export const pluginFolder = (): string | undefined => pluginFolders.find((folder) => existsSync(join(folder, 'bridge')));

/** Why no node of Kubernetes can be started on this machine, and what to do; undefined when one can. */
export function lackingForNode(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (process.platform !== 'linux') return 'a node of Kubernetes needs Linux';
  if (process.getuid?.() !== 0) return 'a node of Kubernetes needs root: run this as root';
  const missing = [...new Set(Object.entries(programs).filter(([program]) => !isOnPath(program, env)).map(([, name]) => name))];
  if (pluginFolder() === undefined) missing.push('containernetworking-plugins');
  if (missing.length > 0) return `a node of Kubernetes needs ${missing.join(', ')}: apt-get install --no-install-recommends ${missing.join(' ')}`;
  const { status, stderr } = spawnSync('unshare', [...ownNamespaces, 'true'], { encoding: 'utf8', env });
  return status === 0 ? undefined : `a node of Kubernetes needs namespaces of its own, and the kernel refuses them (${stderr.trim()}): within a container, run that with --privileged`;
}

const isOnPath = (program: string, env: NodeJS.ProcessEnv): boolean =>
  (env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
