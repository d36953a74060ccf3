import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ImageError } from './part.ts';

export interface Command {
  /** Of the images to write. */
  names: readonly string[];
  output: string;
}

/** `--only NAME,…`: with or without `guildhall/`; the usual ones by default. `--output FOLDER`: relative to where the person is. */
export function readCommand(args: readonly string[], { usual, others, defaultOutput, cwd }: { usual: readonly string[]; others: readonly string[]; defaultOutput: string; cwd: string }): Command {
  const known = [...usual, ...others];
  const { only, output } = parse(args);
  const wanted = only.flatMap((list) => list.split(',')).map((name) => name.trim().replace(/^guildhall\//, '')).filter((name) => name !== '');
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new ImageError(`There is no image ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  return {
    names: wanted.length === 0 ? usual : known.filter((name) => wanted.includes(name)),
    output: output === undefined ? defaultOutput : resolve(cwd, output),
  };
}

function parse(args: readonly string[]): { only: string[]; output: string | undefined } {
  try {
    const { values } = parseArgs({ args: [...args], options: { only: { type: 'string', multiple: true }, output: { type: 'string' } }, strict: true });
    return { only: values.only ?? [], output: values.output };
  } catch (error) {
    throw new ImageError(`${error instanceof Error ? error.message : String(error)}\nUsage: npm run images [-- --only NAME,…] [-- --output FOLDER]`, { cause: error });
  }
}
