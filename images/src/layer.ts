import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path/posix';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack, type Header, type Pack } from 'tar-stream';

export interface ImageFile {
  /** Absolute, in the image. */
  path: string;
  /** What is in it, a file of this machine that is copied, or where a symbolic link leads; or it is an empty folder. */
  from: { text: string } | { file: string } | { link: string } | 'folder';
  /** 0644 unless told otherwise, and 0755 for a folder. */
  mode?: number;
}

export interface Layer {
  /** `sha256:…` of the compressed layer, by which it is fetched. */
  digest: string;
  /** Of the compressed layer, in bytes. */
  size: number;
  /** `sha256:…` of what was compressed; the image's configuration names it. */
  diffId: string;
}

const bySource = (one: ImageFile, other: ImageFile): number => (one.path < other.path ? -1 : 1);

/** Of everything: an image says nothing of when and by whom it was made. */
const anonymous = { uid: 0, gid: 0, mtime: new Date(0) };

/**
 * Writes a layer (OCI image specification, "Image Layer Filesystem Changeset"): a tar archive, compressed with gzip. Files in the
 * order of their paths, with their folders, without owner and time: the same files give the same bytes.
 */
export async function writeLayer(files: readonly ImageFile[], destination: string): Promise<Layer> {
  const archive = pack();
  const plain = createHash('sha256');
  const compressed = createHash('sha256');
  let size = 0;
  const written = pipeline(
    archive,
    noting((chunk) => plain.update(chunk)),
    createGzip({ level: 6 }),
    noting((chunk) => {
      compressed.update(chunk);
      size += chunk.length;
    }),
    createWriteStream(destination),
  );
  const added = addAll(archive, files);
  // When the disk is full nobody reads the archive any more, and adding to it would wait for ever.
  await Promise.race([written, added]);
  await written;
  return { digest: `sha256:${compressed.digest('hex')}`, size, diffId: `sha256:${plain.digest('hex')}` };
}

async function addAll(archive: Pack, files: readonly ImageFile[]): Promise<void> {
  try {
    const folders = new Set<string>();
    for (const file of files.toSorted(bySource)) {
      for (const folder of parents(file.path)) {
        if (folders.has(folder)) continue;
        folders.add(folder);
        await addFolder(archive, folder);
      }
      if (file.from === 'folder') folders.add(file.path);
      await add(archive, file);
    }
    archive.finalize();
  } catch (error) {
    archive.destroy(error as Error);
    throw error;
  }
}

const addFolder = (archive: Pack, path: string, mode = 0o755): Promise<void> =>
  entry(archive, { ...anonymous, name: `${path.slice(1)}/`, type: 'directory', mode });

async function add(archive: Pack, { path, from, mode: given }: ImageFile): Promise<void> {
  if (from === 'folder') return addFolder(archive, path, given);
  const mode = given ?? 0o644;
  const header = { ...anonymous, name: path.slice(1), mode };
  if ('link' in from) await entry(archive, { ...header, type: 'symlink', mode: 0o777, linkname: from.link });
  else if ('text' in from) await entry(archive, header, from.text);
  else {
    const { size } = await stat(from.file);
    await pipeline(createReadStream(from.file), archive.entry({ ...header, size }));
  }
}

const entry = (archive: Pack, header: Partial<Header> & Pick<Header, 'name'>, content?: string): Promise<void> =>
  new Promise((resolve, reject) => archive.entry(header, content ?? '', (error) => (error ? reject(error) : resolve())));

/** From the outermost, without the root. */
function parents(path: string): string[] {
  const parent = dirname(path);
  return parent === '/' ? [] : [...parents(parent), parent];
}

const noting = (note: (chunk: Buffer) => void): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      note(chunk);
      done(undefined, chunk);
    },
  });
