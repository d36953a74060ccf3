import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Container, KeyToPath, Pod, Volume } from '@guildhall/kubernetes';
import { NotStartableError } from '../process/container-status.ts';
import type { Mount } from '../volumes/mount-paths.ts';
import { projectFiles, type ProjectedFile } from '../volumes/projected-files.ts';
import type { Lookups } from './lookups.ts';

export interface PodVolumes {
  /** Makes all volumes ready; throws NotStartableError while something they need is missing. */
  prepare(): void;
  /** Shows changes of Secrets and ConfigMaps in volumes that are in use. What was deleted meanwhile stays as it was. */
  refresh(): void;
  mountsOf(container: Container): Mount[];
}

/** Kubernetes' default mode of files in volumes. */
const defaultFileMode = 0o644;

/** The volumes of one pod below `folder`; claims are where `claimFolder` says. */
export function createPodVolumes(
  pod: Pod,
  folder: string,
  lookups: Lookups,
  claimFolder: (namespace: string, claimName: string) => string | undefined,
): PodVolumes {
  const namespace = pod.metadata.namespace ?? '';
  const volumes = pod.spec.volumes ?? [];
  const folderOf = (volume: Volume): string => join(folder, volume.name);

  function filesOf(volume: Volume): ProjectedFile[] | undefined {
    const source = contentOf(volume);
    if (source === undefined) return undefined;
    const { items, defaultMode = defaultFileMode, content, subject, optional } = source;
    if (content === undefined) {
      if (optional) return [];
      throw new NotStartableError('ContainerCreating', `volume ${volume.name}: the ${subject} is not there yet`, 5_000);
    }
    const keys: KeyToPath[] = items ?? Object.keys(content).map((key) => ({ key, path: key }));
    return keys.flatMap(({ key, path, mode = defaultMode }) => {
      const bytes = content[key];
      if (bytes !== undefined) return [{ path, content: bytes, mode }];
      if (optional) return [];
      throw new NotStartableError('ContainerCreating', `volume ${volume.name}: the ${subject} has no key ${key}`, 5_000);
    });
  }

  function contentOf({ secret, configMap }: Volume) {
    if (secret !== undefined) {
      const data = lookups.secret(namespace, secret.secretName)?.data;
      const exists = lookups.secret(namespace, secret.secretName) !== undefined;
      const content = exists ? decodeAll(data) : undefined;
      return { ...secret, content, subject: `Secret ${secret.secretName}`, optional: secret.optional === true };
    }
    if (configMap !== undefined) {
      const found = lookups.configMap(namespace, configMap.name);
      const content = found && { ...encodeAll(found.data), ...decodeAll(found.binaryData) };
      return { ...configMap, content, subject: `ConfigMap ${configMap.name}`, optional: configMap.optional === true };
    }
    return undefined;
  }

  function prepareVolume(volume: Volume): void {
    const files = filesOf(volume);
    const claim = volume.persistentVolumeClaim?.claimName;
    if (files !== undefined) projectFiles(folderOf(volume), files);
    else if (volume.emptyDir !== undefined) mkdirSync(folderOf(volume), { recursive: true, mode: 0o700 });
    else if (claim === undefined) {
      throw new NotStartableError('CreateContainerConfigError', `volume ${volume.name}: the local cluster does not have this kind of volume`, 60_000);
    } else if (claimFolder(namespace, claim) === undefined) {
      throw new NotStartableError('ContainerCreating', `volume ${volume.name}: the claim ${claim} is not bound yet`, 5_000);
    }
  }

  function realFolder(name: string): string {
    const volume = volumes.find((it) => it.name === name);
    const claim = volume?.persistentVolumeClaim?.claimName;
    const real = volume && (claim === undefined ? folderOf(volume) : claimFolder(namespace, claim));
    if (real !== undefined) return real;
    throw new NotStartableError('CreateContainerConfigError', `the pod has no volume ${name}, which a container mounts`, 60_000);
  }

  return {
    prepare() {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (const volume of volumes) prepareVolume(volume);
    },
    refresh() {
      for (const volume of volumes) {
        if (!existsSync(folderOf(volume)) || contentOf(volume)?.content === undefined) continue;
        try {
          projectFiles(folderOf(volume), filesOf(volume) ?? []);
        } catch (error) {
          if (!(error instanceof NotStartableError)) throw error; // a key went: the files stay as they are
        }
      }
    },
    mountsOf: (container) =>
      (container.volumeMounts ?? []).map(({ name, mountPath, subPath }) => ({
        mountPath,
        folder: subPath === undefined ? realFolder(name) : join(realFolder(name), subPath),
      })),
  };
}

function decodeAll(data: Record<string, string> | undefined): Record<string, Uint8Array> {
  return mapValues(data, (value) => Buffer.from(value, 'base64'));
}

function encodeAll(data: Record<string, string> | undefined): Record<string, Uint8Array> {
  return mapValues(data, (value) => Buffer.from(value, 'utf8'));
}

function mapValues<T>(data: Record<string, string> | undefined, map: (value: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, map(value)]));
}
