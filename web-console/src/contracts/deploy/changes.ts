import type { Source } from '../source/draft.ts';

export interface FileChange {
  path: string;
  /** Empty: the file is new. */
  before: string;
  /** Empty: the file is gone. */
  after: string;
  kind: 'added' | 'removed' | 'changed';
}

/** The files in which two sources differ, by path. */
export function changesOf(before: Source, after: Source): FileChange[] {
  const texts = (source: Source) => new Map(source.files.map(({ path, text }) => [path, text]));
  const [old, now] = [texts(before), texts(after)];
  return [...new Set([...old.keys(), ...now.keys()])].toSorted().flatMap((path): FileChange[] => {
    const [was, is] = [old.get(path), now.get(path)];
    if (was === is) return [];
    return [{ path, before: was ?? '', after: is ?? '', kind: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed' }];
  });
}
