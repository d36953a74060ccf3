import { readFileSync } from 'node:fs';
import { z } from 'zod';

const prefix = 'GUILDHALL_';
const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const;

/** What a person has set wrong is no fault of the program: the message is enough. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

const noPort = 'is no port: give a whole number from 0 (any free one) to 65535';

/** Where people reach a site. */
const origin = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin = url !== undefined && /^https?:$/.test(url.protocol) && text.replace(/\/$/, '').toLowerCase() === url.origin;
  if (isOrigin) return url;
  context.addIssue({ code: 'custom', message: 'is no address of a site: give one such as https://guildhall.example, without a path' });
  return z.NEVER;
});

/** Kinds of settings that several processes have. */
export const setting = {
  logLevel: z.enum(logLevels, `is no level: give one of ${logLevels.join(', ')}`).default('info'),
  port: z
    .string()
    .regex(/^\d{1,5}$/, noPort)
    .transform(Number)
    .refine((number) => number <= 65_535, noPort),
  /** `host:port` to listen on. */
  address: z
    .string()
    .regex(/^\S+:\d{1,5}$/, 'is no address to listen on: give one such as 0.0.0.0:8080')
    .transform((text) => ({ host: text.slice(0, text.lastIndexOf(':')), port: Number(text.slice(text.lastIndexOf(':') + 1)) })),
  file: z.string().startsWith('/', 'is no absolute path of a file'),
  /** `http://…` or `https://…`, without a slash at its end. */
  url: z.string().refine((text) => URL.canParse(text) && /^https?:\/\/\S+[^/\s]$/.test(text), 'is no address: give one such as https://guildhall.example, without a slash at its end'),
  origin,
  databaseUrl: z.string().refine((text) => URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol), 'is no address of a PostgreSQL database: give one such as postgres://user@host:5432/name'),
  namespace: z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'is no name of a namespace'),
  /** `namespace/name` of an object of Kubernetes. */
  objectName: z
    .string()
    .regex(/^[a-z0-9][-a-z0-9]{0,62}\/[a-z0-9][-a-z0-9.]{0,252}$/, 'is no object: give its namespace and its name, such as guildhall/database')
    .transform((text) => ({ namespace: text.slice(0, text.indexOf('/')), name: text.slice(text.indexOf('/') + 1) })),
  domain: z.string().max(150).regex(/^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/, 'is no domain: give one such as ledger.example'),
  image: z.string().regex(/^\S+$/, 'is no image: give a name such as registry.example/guildhall/operator@sha256:…'),
};

/**
 * What is set in the environment under names that begin with GUILDHALL_; what is empty counts as not set.
 * @throws SettingsError that names every variable that is wrong, missing or unknown, and never what its value is
 */
export function readSettings<Shape extends z.ZodRawShape>(shape: Shape, environment: Readonly<Record<string, string | undefined>>): z.output<z.ZodObject<Shape>> {
  const ours = Object.fromEntries(Object.entries(environment).filter(([name, value]) => name.startsWith(prefix) && value !== undefined && value !== ''));
  const result = z.strictObject(shape).safeParse(ours);
  if (result.success) return result.data;
  const known = Object.keys(shape).join(', ');
  const lines = result.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return `unknown: ${issue.keys.join(', ')}; known are ${known}`;
    const name = issue.path.join('.');
    return name in ours ? `${name} ${issue.message}` : `${name} is not set`;
  });
  throw new SettingsError(`The settings in the environment are wrong.\n${lines.map((line) => `  ${line}`).join('\n')}`);
}

/**
 * The address of a database with its password, from a file: an environment is seen by whoever may look at a process.
 * @throws SettingsError that says what is wrong with the file, and never what is in it
 */
export function readDatabaseUrl(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new SettingsError(`${file} cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : String(error)}): it is to hold the address of the database`, { cause: error });
  }
  const result = setting.databaseUrl.safeParse(text);
  if (!result.success) throw new SettingsError(`${file} ${result.error.issues[0]?.message}`);
  return result.data;
}
