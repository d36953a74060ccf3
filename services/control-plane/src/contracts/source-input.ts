import { z } from 'zod';

export const sourceLimits = { files: 50, pathCharacters: 200, fileCharacters: 200_000, totalCharacters: 500_000 } as const;

/** Relative, without ".." or hidden parts: each part begins with a letter, a digit or "_". */
const path = z
  .string()
  .max(sourceLimits.pathCharacters)
  .regex(/^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*\/)*[A-Za-z0-9_][A-Za-z0-9_.-]*\.ts$/, 'a relative path of a TypeScript file, such as main.ts or parts/note.ts: letters, digits, "_", "-" and "."');

const text = z
  .string()
  .max(sourceLimits.fileCharacters)
  .refine((value) => value.isWellFormed() && !value.includes('\0'), 'it holds a character that no source has: U+0000, or half of a surrogate pair');

/** A contract's source as a caller sends it. */
export const contractSource = z
  .strictObject({
    files: z.array(z.strictObject({ path, text })).min(1, 'a contract has at least one file').max(sourceLimits.files),
    /** The path of the file to begin with. */
    entry: z.string().max(sourceLimits.pathCharacters),
  })
  .superRefine(({ files, entry }, context) => {
    const seen = new Map<string, number>();
    for (const [index, file] of files.entries()) {
      const before = seen.get(file.path);
      if (before !== undefined) context.addIssue({ code: 'custom', path: ['files', index, 'path'], message: `"${file.path}" is the path of files[${before}] already` });
      seen.set(file.path, index);
    }
    const characters = files.reduce((sum, file) => sum + file.text.length, 0);
    if (characters > sourceLimits.totalCharacters) context.addIssue({ code: 'custom', path: ['files'], message: `${characters} characters together, more than ${sourceLimits.totalCharacters}` });
    if (!seen.has(entry)) context.addIssue({ code: 'custom', path: ['entry'], message: `none of the files has the path "${entry}"` });
  });
