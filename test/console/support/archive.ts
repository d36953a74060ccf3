const blockSize = 512;
const until0 = (bytes: Buffer): string => bytes.toString().replace(/\0.*$/s, '');

/** What an archive of the form ustar holds: the text of each file by its path. */
export function filesOf(archive: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  for (let at = 0; archive[at]; ) {
    const size = Number.parseInt(until0(archive.subarray(at + 124, at + 136)), 8);
    files.set(until0(archive.subarray(at, at + 100)), archive.subarray(at + blockSize, at + blockSize + size).toString());
    at += blockSize + Math.ceil(size / blockSize) * blockSize;
  }
  return files;
}
