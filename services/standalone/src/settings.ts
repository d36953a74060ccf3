import { resolve } from 'node:path';
import { z } from 'zod';

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'is no port: give a whole number from 0 (any free one) to 65535')
  .transform(Number)
  .refine((number) => number <= 65_535, 'is no port: give a whole number from 0 (any free one) to 65535');

const publicUrl = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin = url !== undefined && /^https?:$/.test(url.protocol) && text.replace(/\/$/, '').toLowerCase() === url.origin;
  if (isOrigin) return url;
  context.addIssue({ code: 'custom', message: 'is no address of a site: give one such as https://guildhall.example, without a path' });
  return z.NEVER;
});

const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const;

/** What can be set, by environment variables with the prefix GUILDHALL_. */
const schema = z.strictObject({
  GUILDHALL_HOME: z.string().min(1).default('.guildhall'),
  GUILDHALL_HOST: z.string().min(1).default('127.0.0.1'),
  GUILDHALL_PORT: port.default(4000),
  GUILDHALL_PUBLIC_URL: publicUrl.optional(),
  GUILDHALL_LOG_LEVEL: z.enum(logLevels, `is no level: give one of ${logLevels.join(', ')}`).default('info'),
});

export interface Settings {
  /** Holds all state. */
  home: string;
  host: string;
  /** 0: a free one. */
  port: number;
  /** Where browsers reach Guildhall, when a proxy stands before it. */
  publicUrl?: URL;
  logLevel: string;
}

export class SettingsError extends Error {
  override name = 'SettingsError';
}

/** @throws SettingsError that names every variable that is wrong or unknown */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const ours = Object.fromEntries(Object.entries(env).filter(([name, value]) => name.startsWith('GUILDHALL_') && value !== undefined && value !== ''));
  const result = schema.safeParse(ours);
  if (!result.success) {
    const known = Object.keys(schema.shape).join(', ');
    const lines = result.error.issues.map((issue) =>
      issue.code === 'unrecognized_keys' ? `unknown: ${issue.keys.join(', ')}; known are ${known}` : `${issue.path.join('.')} ${issue.message}`,
    );
    throw new SettingsError(`The settings in the environment are wrong.\n${lines.map((line) => `  ${line}`).join('\n')}`);
  }
  const { GUILDHALL_HOME, GUILDHALL_HOST, GUILDHALL_PORT, GUILDHALL_PUBLIC_URL, GUILDHALL_LOG_LEVEL } = result.data;
  return { home: resolve(GUILDHALL_HOME), host: GUILDHALL_HOST, port: GUILDHALL_PORT, ...(GUILDHALL_PUBLIC_URL ? { publicUrl: GUILDHALL_PUBLIC_URL } : {}), logLevel: GUILDHALL_LOG_LEVEL };
}
