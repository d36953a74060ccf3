import { readFileSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import type { Principal } from './cluster.ts';
import { LocalClusterError } from './errors.ts';
import { defaultRegistry } from './workloads/addresses/network.ts';
import type { Program } from './workloads/pods/programs.ts';

const absolutePath = z.string().refine(isAbsolute, 'must be an absolute path');
const loopback = z.string().regex(/^(127(\.\d{1,3}){3}|localhost|::1)$/, 'must be a loopback address: the API carries Secrets without TLS');

const program = z.strictObject({
  command: z.array(z.string()).min(1),
  args: z.array(z.string()).optional(),
  path: z.array(absolutePath).optional(),
  environment: z.record(z.string(), z.string()).optional(),
});

const settingsSchema = z.strictObject({
  /** Folder of this cluster: identity, pods' files and logs, data of claims. */
  home: absolutePath,
  /** File with a PostgreSQL connection URL, for the owner's eyes only. Read at every connection. */
  connectionFile: absolutePath,
  /** File with the principals and their tokens, for the owner's eyes only. */
  principalsFile: absolutePath,
  /** File with the key that Secrets are sealed with in the database, for the owner's eyes only; made when it is not there. */
  keyFile: absolutePath,
  /** Port 0: the one of the time before, or any. */
  listen: z.strictObject({ host: loopback.default('127.0.0.1'), port: z.int().min(0).max(65_535).default(0) }).prefault({}),
  /** Program of each image. May be changed while the cluster runs: it is read again while a pod waits for its program. */
  programs: z.record(z.string(), program).default({}),
  addressRegistry: absolutePath.default(defaultRegistry),
  logs: z.strictObject({ maxBytes: z.int().min(1024).default(10 * 1024 * 1024), maxFiles: z.int().min(2).default(5) }).prefault({}),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

export type Settings = z.infer<typeof settingsSchema>;

const rule = z.strictObject({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  verbs: z.array(z.string()),
  resourceNames: z.array(z.string()).optional(),
  namespaces: z.array(z.string()).optional(),
});
const principalsSchema = z.array(z.strictObject({ name: z.string().min(1), token: z.string().min(32), rules: z.array(rule) })).min(1);

/** Reads the settings file. Throws INVALID_SETTINGS that names every field that is wrong or unknown. */
export function readSettings(file: string): Settings {
  return parse(settingsSchema, file, readFileSync(file, 'utf8'));
}

/** Who may use the API over HTTP. Messages about it never quote the file: it holds tokens. */
export function readPrincipals(file: string): (Principal & { token: string })[] {
  return parse(principalsSchema, file, readPrivate(file)).map(({ name, token, rules }) => ({ name, token, rules: rules.map(withoutUndefined) }));
}

/** The text of a file that only its owner may read. */
export function readPrivate(file: string): string {
  const mode = statSync(file).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    throw new LocalClusterError('INVALID_SETTINGS', `${file} holds secrets and others may read it (mode ${mode.toString(8)}): chmod 600 ${file}`);
  }
  return readFileSync(file, 'utf8').trim();
}

/** The programs by image, as the settings file names them now. */
export function readPrograms(file: string): ReadonlyMap<string, Program> {
  return new Map(Object.entries(readSettings(file).programs).map(([image, it]) => [image, withoutUndefined(it)]));
}

function parse<T extends z.ZodType>(schema: T, file: string, text: string): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may hold secrets.
    throw new LocalClusterError('INVALID_SETTINGS', `${file} is not JSON`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || '(top)'}: ${issue.message}`);
  throw new LocalClusterError('INVALID_SETTINGS', `${file}: ${faults.join('; ')}`);
}

type WithoutUndefined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** For optional fields that, by the types of others, are absent rather than undefined. */
function withoutUndefined<T extends object>(value: T): WithoutUndefined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, it]) => it !== undefined)) as WithoutUndefined<T>;
}
