import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeImage, type Image } from '@guildhall/images';
import { podRange } from './kubelet.ts';
import { pluginFolder } from './prerequisites.ts';
import type { Sandbox } from './sandbox.ts';

/** Nothing is pulled: images come from files. */
export const localImage = (name: string): string => `guildhall.test/${name}:test`;

export const socketOf = (folder: string): string => join(folder, 'containerd.sock');

/** What it keeps on its disk. */
export const stateOf = (folder: string): string => join(folder, 'containerd');

/** As JSON within TOML: both write strings alike. */
const configOf = (folder: string): string => `
version = 2
root = ${JSON.stringify(stateOf(folder))}
state = "/run/containerd"
[grpc]
  address = ${JSON.stringify(socketOf(folder))}
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${JSON.stringify(localImage('pause'))}
  # Where a process may not lower its score, no pod could start.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${JSON.stringify(pluginFolder() ?? '')}
    conf_dir = ${JSON.stringify(join(folder, 'cni'))}
`;

const podNetwork = (folder: string): object => ({
  cniVersion: '0.4.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge', bridge: 'pods', isGateway: true, ipMasq: true, hairpinMode: true,
      ipam: { type: 'host-local', dataDir: join(folder, 'pod-addresses'), ranges: [[{ subnet: podRange }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
});

/** A program without libraries in an image of its own. */
export const programImage = (name: string, program: string): Image => ({
  reference: localImage(name),
  architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
  layers: [[{ path: `/${name}`, from: { file: program }, mode: 0o755 }]],
  entrypoint: [`/${name}`],
  user: 1000,
});

export interface ImageStore {
  /** Makes an image and takes it, by its tag and by its digest. @returns its digest */
  load(image: Image): Promise<string>;
  /** Takes the images of an archive. */
  importArchive(file: string): void;
  /** Gives an image another name; both are whole: `registry/name:tag`. */
  tag(image: string, name: string): void;
}

export interface Containerd {
  images: ImageStore;
  /** Ends the first process of a container as `kill -9` does. @param id as the status of its pod has it */
  kill(id: string): void;
}

/** containerd with the network of pods. Every pod needs the image `pause`. */
export async function startContainerd(sandbox: Sandbox): Promise<Containerd> {
  const { folder } = sandbox;
  mkdirSync(join(folder, 'cni'));
  writeFileSync(join(folder, 'cni', '10-pods.conflist'), JSON.stringify(podNetwork(folder)));
  const config = join(folder, 'containerd.toml');
  writeFileSync(config, configOf(folder));
  sandbox.start('containerd', 'containerd', ['-c', config]);
  // Over its socket it is asked from outside as well.
  const ctr = (...args: string[]) => spawnSync('ctr', ['--address', socketOf(folder), '--namespace', 'k8s.io', ...args], { encoding: 'utf8' });
  for (let patience = 300; ctr('version').status !== 0; patience -= 1) {
    const fault = sandbox.fault();
    if (fault !== undefined) throw new Error(fault);
    if (patience === 0) throw new Error(`containerd does not answer: ${ctr('version').error?.message ?? sandbox.logOf('containerd')}`);
    await delay(100);
  }
  const importArchive = (file: string): void => {
    const { status, stderr, stdout } = ctr('images', 'import', file);
    if (status !== 0) throw new Error(`containerd does not take ${file}: ${stderr}${stdout}`);
  };
  const tag = (image: string, name: string): void => {
    const { status, stderr } = ctr('images', 'tag', '--force', image, name);
    if (status !== 0) throw new Error(`containerd does not take the name ${name}: ${stderr}`);
  };
  const load = async (image: Image): Promise<string> => {
    const archive = join(folder, `image-${image.reference.replaceAll(/[^a-z0-9]+/g, '-')}.tar`);
    const digest = await writeImage(image, archive);
    importArchive(archive);
    rmSync(archive);
    // A pod that names it by its digest is given it under that very name alone.
    tag(image.reference, `${image.reference.replace(/:[^:/]+$/, '')}@${digest}`);
    return digest;
  };
  const kill = (id: string): void => {
    const { status, stderr } = ctr('tasks', 'kill', '--signal', 'SIGKILL', id.replace('containerd://', ''));
    if (status !== 0) throw new Error(`containerd does not kill ${id}: ${stderr}`);
  };
  return { images: { load, importArchive, tag }, kill };
}
