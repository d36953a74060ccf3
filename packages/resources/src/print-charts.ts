import { mkdir, writeFile } from 'node:fs/promises';
import { crdFiles } from './crd-files.ts';
import { rolesFile } from './roles-file.ts';

const charts = new URL('../../../charts/', import.meta.url);
const definitions = new URL('guildhall-crds/definitions/', charts);
await mkdir(definitions, { recursive: true });
for (const [name, text] of crdFiles()) await writeFile(new URL(name, definitions), text);
await writeFile(new URL('guildhall/files/roles.yaml', charts), rolesFile());
