import { readFile } from 'node:fs/promises';
import type { ImageFile } from '../layer.ts';
import { joinParts, type Part } from '../part.ts';
import { run } from '../run.ts';
import { debianFiles } from './debian.ts';

/** Everything in an image belongs to root and may be read by everybody; this one owns nothing. */
export const user = { name: 'guildhall', id: 65_532 } as const;

const text = (path: string, ...lines: string[]): ImageFile => ({ path, from: { text: lines.map((line) => `${line}\n`).join('') } });

const skeleton: readonly ImageFile[] = [
  ...['bin', 'sbin', 'lib', 'lib64'].map((folder): ImageFile => ({ path: `/${folder}`, from: { link: `usr/${folder}` } })),
  ...['bin', 'sbin', 'lib', 'lib64'].map((folder): ImageFile => ({ path: `/usr/${folder}`, from: 'folder' })),
  { path: '/tmp', from: 'folder', mode: 0o1777 },
  text('/etc/passwd', 'root:x:0:0:root:/nonexistent:/usr/sbin/nologin', `${user.name}:x:${user.id}:${user.id}:${user.name}:/tmp:/usr/sbin/nologin`),
  text('/etc/group', 'root:x:0:', `${user.name}:x:${user.id}:`),
  // A pod's own names are in its /etc/hosts.
  text('/etc/nsswitch.conf', 'hosts: files dns'),
];

/** Those of the package alone: what this machine was told to trust besides is its own affair. */
async function authorities(): Promise<Part> {
  const { stdout } = await run('dpkg', ['--listfiles', 'ca-certificates']);
  const files = stdout.split('\n').filter((path) => /^\/usr\/share\/ca-certificates\/.*\.crt$/.test(path)).toSorted();
  const certificates = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const bundle = certificates.map((certificate) => `${certificate.trimEnd()}\n`).join('');
  return debianFiles([{ path: '/etc/ssl/certs/ca-certificates.crt', from: { text: bundle } }], files);
}

/** What every image has. */
export const basePart = async (): Promise<Part> => joinParts({ files: skeleton, components: [] }, await authorities());
