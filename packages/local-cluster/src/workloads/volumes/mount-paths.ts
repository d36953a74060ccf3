export interface Mount {
  /** Where the container expects it: absolute. */
  readonly mountPath: string;
  /** Where it really is. */
  readonly folder: string;
}

const pathCharacter = 'A-Za-z0-9._-';

/**
 * Replaces mount paths by the real folders, wherever they stand in a text as a whole path or as the beginning of one. Without a
 * mount namespace this is how a program finds its volumes. One pass: what was put in is not looked at again.
 */
export function createMountPaths(mounts: readonly Mount[]): (text: string) => string {
  const folders = new Map(mounts.map((it) => [trim(it.mountPath), it.folder]));
  if (folders.size === 0) return (text) => text;
  // The longest first, so that a mount inside another's path wins.
  const alternatives = [...folders.keys()].sort((a, b) => b.length - a.length).map((path) => RegExp.escape(path));
  const pattern = new RegExp(`(?<![/${pathCharacter}])(?:${alternatives.join('|')})(?![${pathCharacter}])`, 'g');
  return (text) => text.replace(pattern, (path) => folders.get(path) ?? path);
}

function trim(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
