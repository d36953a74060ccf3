import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareImages } from '../../support/kubernetes/prepared-images.ts';

/** Where images of this source are that were made for all files of a suite (scripts/test.js). */
export const madeImages = process.env['GUILDHALL_TEST_IMAGES'];

export const archivesIn = (folder: string): string[] => readdirSync(folder).filter((file) => file.endsWith('.tar')).map((file) => join(folder, file));

/** What a node begins with: prepared once, beside the images. */
export async function preparedImages(bin: string): Promise<string | undefined> {
  if (madeImages === undefined) return undefined;
  // Images may be made again in the same folder.
  const digest = createHash('sha256').update(readFileSync(join(madeImages, 'digests.json'))).digest('hex');
  const prepared = join(madeImages, `containerd-${digest.slice(0, 12)}`);
  if (!existsSync(prepared)) await prepareImages(bin, archivesIn(madeImages), prepared);
  return prepared;
}
