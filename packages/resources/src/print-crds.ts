import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { crdFiles } from './crd-files.ts';

const folder = fileURLToPath(new URL('../../../charts/guildhall-crds/definitions/', import.meta.url));
await mkdir(folder, { recursive: true });
for (const [name, text] of crdFiles()) await writeFile(`${folder}${name}`, text);
