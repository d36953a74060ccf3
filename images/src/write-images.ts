import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createLayerStore, writeImage, type LayerStore } from './oci-image.ts';
import { joinParts } from './part.ts';
import { user } from './parts/base.ts';
import type { Recipe, Sources } from './recipes/recipe.ts';
import { billOfMaterials } from './sbom/cyclonedx.ts';

export interface WrittenImage {
  /** `guildhall/operator`. */
  name: string;
  version: string;
  digest: string;
  /** Of the archive, in bytes. */
  size: number;
  tookMs: number;
}

const repository = 'guildhall';
const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';

const archiveOf = (output: string, name: string): string => join(output, `${name.slice(name.indexOf('/') + 1)}.tar`);

/** Writes each image and the list of what is in it, and which digest each has. @param onWritten told of each as soon as it is there */
export async function writeImages({ recipes, sources, output, onWritten }: { recipes: readonly Recipe[]; sources: Sources; output: string; onWritten: (image: WrittenImage) => void }): Promise<void> {
  await mkdir(output, { recursive: true });
  const work = await mkdtemp(join(output, 'layers-'));
  try {
    const store = createLayerStore(work);
    for (const recipe of recipes) {
      const began = performance.now();
      const written = await writeOne({ recipe, sources, output, store });
      await noteDigest(output, written);
      onWritten({ ...written, tookMs: performance.now() - began });
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function writeOne({ recipe, sources, output, store }: { recipe: Recipe; sources: Sources; output: string; store: LayerStore }): Promise<Omit<WrittenImage, 'tookMs'>> {
  const name = `${repository}/${recipe.name}`;
  const { version, revision } = (await recipe.origin?.(sources)) ?? sources;
  const parts = await recipe.parts(sources);
  const archive = archiveOf(output, name);
  const partial = `${archive}.partial`;
  const digest = await writeImage(
    {
      // In full: a pod's short name means this one.
      reference: `docker.io/${name}:${version}`,
      architecture,
      layers: parts.map(({ files }) => files),
      entrypoint: recipe.entrypoint,
      environment: Object.entries(recipe.environment ?? {}).map(([variable, value]) => `${variable}=${value}`),
      user: user.id,
      labels: labelsOf(recipe, version, revision),
    },
    partial,
    store,
  );
  const components = joinParts(...parts).components;
  await writeFile(archive.replace(/\.tar$/, '.cdx.json'), billOfMaterials({ name, version, digest, architecture, components }));
  const { size } = await stat(partial);
  await rename(partial, archive);
  return { name, version, digest, size };
}

const labelsOf = ({ title, licenses }: Recipe, version: string, revision: string | undefined): Record<string, string> => ({
  'org.opencontainers.image.licenses': licenses,
  ...(revision === undefined ? {} : { 'org.opencontainers.image.revision': revision }),
  'org.opencontainers.image.title': title,
  'org.opencontainers.image.vendor': 'Guildhall',
  'org.opencontainers.image.version': version,
});

/** The file tells of every archive in the folder, those of other runs too. */
async function noteDigest(output: string, { name, digest }: { name: string; digest: string }): Promise<void> {
  const file = join(output, 'digests.json');
  const before = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Record<string, string>) : {};
  const there = Object.entries({ ...before, [name]: digest }).filter(([each]) => existsSync(archiveOf(output, each)));
  const digests = Object.fromEntries(there.toSorted(([one], [other]) => (one < other ? -1 : 1)));
  await writeFile(`${file}.partial`, `${JSON.stringify(digests, undefined, 2)}\n`);
  await rename(`${file}.partial`, file);
}
