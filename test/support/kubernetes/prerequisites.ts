import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs, and the Debian package that each is in. */
const programs = { containerd: 'containerd', ctr: 'containerd', runc: 'runc', iptables: 'iptables', conntrack: 'conntrack', ipset: 'ipset', ip: 'iproute2', unshare: 'util-linux' };
const pluginFolders = ['/usr/lib/cni', '/opt/cni/bin'];

/** Where the plugins of the container network are. */
export const pluginFolder = (): string | undefined => pluginFolders.find((folder) => existsSync(join(folder, 'bridge')));

/** Why no node of Kubernetes can be started on this machine, and what to do; undefined when one can. */
export function lackingForNode(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (process.platform !== 'linux') return 'a node of Kubernetes needs Linux';
  if (process.getuid?.() !== 0) return 'a node of Kubernetes needs root: run this as root';
  const missing = [...new Set(Object.entries(programs).filter(([program]) => !isOnPath(program, env)).map(([, name]) => name))];
  if (pluginFolder() === undefined) missing.push('containernetworking-plugins');
  if (missing.length === 0) return undefined;
  return `a node of Kubernetes needs ${missing.join(', ')}: apt-get install --no-install-recommends ${missing.join(' ')}`;
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
