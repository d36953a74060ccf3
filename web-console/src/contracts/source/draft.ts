export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Source {
  readonly entry: string;
  readonly files: readonly SourceFile[];
}

/** As the API has it. */
export const limits = { files: 50, path: 100 } as const;

const names = /^(?:[A-Za-z0-9_-]+\/)*[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.ts$/;

export type WrongPath = 'form' | 'taken';

/** Why a file cannot have a path. @param self the file that is renamed */
export function wrongPath(source: Source, path: string, self?: string): WrongPath | undefined {
  if (path.length > limits.path || !names.test(path)) return 'form';
  const lower = path.toLowerCase();
  return source.files.some((file) => file.path !== self && file.path.toLowerCase() === lower) ? 'taken' : undefined;
}

/** A draft of a source, without what the API's types add to it. */
export const sourceOf = ({ entry, files }: Source): Source => ({ entry, files: files.map(({ path, text }) => ({ path, text })) });

export const editFile = (source: Source, path: string, text: string): Source => ({ ...source, files: source.files.map((file) => (file.path === path ? { path, text } : file)) });

export const addFile = (source: Source, path: string): Source => ({ ...source, files: [...source.files, { path, text: '' }] });

export const renameFile = (source: Source, from: string, to: string): Source => ({
  entry: source.entry === from ? to : source.entry,
  files: source.files.map((file) => (file.path === from ? { ...file, path: to } : file)),
});

export const removeFile = (source: Source, path: string): Source => ({ ...source, files: source.files.filter((file) => file.path !== path) });

export const isSame = (a: Source, b: Source): boolean => JSON.stringify(sourceOf(a)) === JSON.stringify(sourceOf(b));

/** Raised when what is stored means something else. */
const prefix = 'guildhall.contract-source.1:';

/** What was written survives a reload of the page, in this tab alone. A browser may forbid storage; then it does not. */
export function storedSource(storage: () => Storage, key: string): Source | undefined {
  try {
    const text = storage().getItem(prefix + key);
    return text === null ? undefined : (JSON.parse(text) as Source);
  } catch {
    return undefined;
  }
}

/** @param source undefined: forget it. @returns whether it is kept */
export function storeSource(storage: () => Storage, key: string, source: Source | undefined): boolean {
  try {
    if (source) storage().setItem(prefix + key, JSON.stringify(source));
    else storage().removeItem(prefix + key);
    return true;
  } catch {
    return false;
  }
}
