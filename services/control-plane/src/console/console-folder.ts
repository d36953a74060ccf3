import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { z } from 'zod';

/** One file as it is sent: whole, from memory. */
export interface ConsoleFile {
  type: string;
  /** Its name changes with its content. */
  isImmutable: boolean;
  /** By content coding; `identity` is the file itself. */
  bodies: Partial<Record<ContentCoding, Buffer>> & { identity: Buffer };
  /** Of the file itself, in hexadecimal. */
  digest: string;
}
export type ContentCoding = 'identity' | 'br' | 'gzip';

/** A build of the web console. */
export interface BuiltConsole {
  /** The page, with the place for the nonce of each answer. */
  index: string;
  /** By the path in the URL: what is not in here is not served, whatever a path looks like. */
  files: ReadonlyMap<string, ConsoleFile>;
  /** The GraphQL documents that the console may send, by their SHA-256 in hexadecimal. */
  documents: ReadonlyMap<string, string>;
}

/** A console that is not there. */
export interface AbsentConsole {
  /** A sentence for the person who looks for it. */
  absent: string;
  /** It is on its way: the page looks again by itself. */
  isComing: boolean;
}

export type Console = BuiltConsole | AbsentConsole;

export const isBuilt = (console: Console): console is BuiltConsole => 'index' in console;

export class ConsoleFolderError extends Error {
  override name = 'ConsoleFolderError';
}

export const noncePlaceholder = '__CSP_NONCE__';

/** What a browser may ask for. Anything else that lies in the folder is not served. */
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

const maxBytes = 64 * 1024 * 1024;

const documentsInput = z.record(z.string().regex(/^[0-9a-f]{64}$/), z.string().min(1).max(100_000));

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

async function readText(folder: string, name: string): Promise<string> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    throw new ConsoleFolderError(`${join(folder, name)} cannot be read (${error instanceof Error ? error.message : String(error)}): build the console with "npm run build -w web-console"`, { cause: error });
  }
}

function parseDocuments(text: string, place: string): ReadonlyMap<string, string> {
  const wrong = (why: string, cause?: unknown): ConsoleFolderError => new ConsoleFolderError(`${place} ${why}: build the console again with "npm run build -w web-console"`, { cause });
  let documents: Record<string, string>;
  try {
    documents = documentsInput.parse(JSON.parse(text));
  } catch (error) {
    throw wrong('is no list of documents by their digest', error);
  }
  for (const [id, document] of Object.entries(documents)) if (sha256(document) !== id) throw wrong(`has a document under another digest than its own (${id})`);
  return new Map(Object.entries(documents));
}

async function readFiles(folder: string): Promise<Map<string, ConsoleFile>> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  const has = new Set(paths);
  const files = new Map<string, ConsoleFile>();
  let total = 0;
  const read = async (path: string): Promise<Buffer> => {
    const content = await readFile(join(folder, path));
    total += content.length;
    if (total > maxBytes) throw new ConsoleFolderError(`${folder} holds more than ${maxBytes} bytes, which is no build of the console: build it again with "npm run build -w web-console"`);
    return content;
  };
  for (const path of paths) {
    const type = types[extname(path)];
    if (type === undefined) continue;
    const identity = await read(path);
    const br = has.has(`${path}.br`) ? { br: await read(`${path}.br`) } : {};
    const gzip = has.has(`${path}.gz`) ? { gzip: await read(`${path}.gz`) } : {};
    files.set(`/${path}`, { type, isImmutable: path.startsWith('assets/'), bodies: { identity, ...br, ...gzip }, digest: sha256(identity) });
  }
  return files;
}

/**
 * Reads a build of the console into memory: what is served does not change with what happens to the folder.
 * @throws ConsoleFolderError when it is no build of the console
 */
export async function readConsole(folder: string): Promise<BuiltConsole> {
  const index = await readText(folder, 'index.html');
  if (!index.includes(noncePlaceholder)) throw new ConsoleFolderError(`${join(folder, 'index.html')} has no place for a nonce (${noncePlaceholder}): build the console again with "npm run build -w web-console"`);
  const documents = parseDocuments(await readText(folder, 'persisted-documents.json'), join(folder, 'persisted-documents.json'));
  return { index, documents, files: await readFiles(folder) };
}
