import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { writeLayer, type ImageFile, type Layer } from './layer.ts';

export interface Image {
  /** As it is pulled: `registry/name:tag`. */
  reference: string;
  architecture: 'amd64' | 'arm64';
  /** From the lowest. */
  layers: readonly (readonly ImageFile[])[];
  entrypoint: readonly string[];
  /** `NAME=value`. */
  environment?: readonly string[];
  /** A number, so that Kubernetes can see that it is not root. */
  user: number;
  workingFolder?: string;
  labels?: Readonly<Record<string, string>>;
}

const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};

interface Blob {
  digest: string;
  content: string;
}

const blobOf = (value: unknown): Blob => {
  const content = JSON.stringify(value);
  return { digest: `sha256:${createHash('sha256').update(content).digest('hex')}`, content };
};

const described = (mediaType: string, { digest, content }: Blob) => ({ mediaType, digest, size: Buffer.byteLength(content) });

type StoredLayer = Layer & { file: string };
/** Writes a layer, or tells of the one that it has written of the very same list. */
export type LayerStore = (files: readonly ImageFile[]) => Promise<StoredLayer>;

/** @param folder where the layers lie */
export function createLayerStore(folder: string): LayerStore {
  const written = new Map<readonly ImageFile[], Promise<StoredLayer>>();
  const write = async (files: readonly ImageFile[], file: string): Promise<StoredLayer> => ({ file, ...(await writeLayer(files, file)) });
  return (files) => {
    const begun = written.get(files) ?? write(files, join(folder, `layer-${written.size}`));
    written.set(files, begun);
    return begun;
  };
}

/**
 * Writes an image as an archive of an OCI layout (OCI image specification 1.1, "Image Layout"), which containerd, skopeo, crane
 * and podman take. The same image of the same files has the same digest, whenever and wherever it is written.
 *
 * @param store of layers that images share; without one the image writes its own
 * @returns the manifest's digest, `sha256:…`: what a pod may name the image by
 */
export async function writeImage(image: Image, destination: string, store?: LayerStore): Promise<string> {
  if (store !== undefined) return writeWith(store, image, destination);
  const work = await mkdtemp(join(dirname(destination), 'image-'));
  try {
    return await writeWith(createLayerStore(work), image, destination);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function writeWith(layerOf: LayerStore, image: Image, destination: string): Promise<string> {
  const layers: StoredLayer[] = [];
  for (const files of image.layers) layers.push(await layerOf(files));
  const config = blobOf(configOf(image, layers));
  const manifest = blobOf({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: described(mediaTypes.config, config),
    layers: layers.map(({ digest, size }) => ({ mediaType: mediaTypes.layer, digest, size })),
  });
  await writeLayout({ image, layers, config, manifest, destination });
  return manifest.digest;
}

function configOf({ architecture, entrypoint, environment, user, workingFolder, labels }: Image, layers: readonly Layer[]): object {
  return {
    // OCI wants a time; a fixed one keeps the digest that of what is in the image.
    created: new Date(0).toISOString(),
    architecture,
    os: 'linux',
    config: {
      User: `${user}:${user}`,
      Entrypoint: entrypoint,
      ...(environment === undefined ? {} : { Env: environment }),
      ...(workingFolder === undefined ? {} : { WorkingDir: workingFolder }),
      ...(labels === undefined ? {} : { Labels: labels }),
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(() => ({ created: new Date(0).toISOString(), created_by: 'guildhall' })),
  };
}

interface Layout {
  image: Image;
  layers: readonly StoredLayer[];
  config: Blob;
  manifest: Blob;
  destination: string;
}

async function writeLayout(layout: Layout): Promise<void> {
  const archive = pack();
  const written = pipeline(archive, createWriteStream(layout.destination));
  // When the disk is full nobody reads the archive any more, and adding to it would wait for ever.
  await Promise.race([written, addAll(archive, layout)]);
  await written;
}

async function addAll(archive: Pack, layout: Layout): Promise<void> {
  try {
    await addLayout(archive, layout);
    archive.finalize();
  } catch (error) {
    archive.destroy(error as Error);
    throw error;
  }
}

async function addLayout(archive: Pack, { image: { reference, architecture }, layers, config, manifest }: Layout): Promise<void> {
  const fixed = { mtime: new Date(0), mode: 0o644 };
  const text = (name: string, content: string): void => void archive.entry({ ...fixed, name }, content);
  const blob = (digest: string): string => `blobs/${digest.replace(':', '/')}`;
  text('oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  text('index.json', JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [{
      ...described(mediaTypes.manifest, manifest),
      platform: { architecture, os: 'linux' },
      // The first is OCI's; containerd takes the whole name from the second.
      annotations: { 'org.opencontainers.image.ref.name': reference.slice(reference.lastIndexOf(':') + 1), 'io.containerd.image.name': reference },
    }],
  }));
  for (const each of [config, manifest]) text(blob(each.digest), each.content);
  // A layer that two lists of files share is written once.
  const seen = new Set<string>();
  for (const { digest, size, file } of layers) {
    if (seen.has(digest)) continue;
    seen.add(digest);
    await pipeline(createReadStream(file), archive.entry({ ...fixed, name: blob(digest), size }));
  }
}
