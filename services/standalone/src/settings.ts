import { resolve } from 'node:path';
import { readSettings as readShape, setting } from '@guildhall/process';
import { z } from 'zod';

/** What can be set, by environment variables with the prefix GUILDHALL_. */
const shape = {
  GUILDHALL_HOME: z.string().min(1).default('.guildhall'),
  GUILDHALL_HOST: z.string().min(1).default('127.0.0.1'),
  GUILDHALL_PORT: setting.port.default(4000),
  GUILDHALL_PUBLIC_URL: setting.origin.optional(),
  GUILDHALL_LOG_LEVEL: setting.logLevel,
};

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

/** @throws SettingsError that names every variable that is wrong or unknown */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const { GUILDHALL_HOME, GUILDHALL_HOST, GUILDHALL_PORT, GUILDHALL_PUBLIC_URL, GUILDHALL_LOG_LEVEL } = readShape(shape, env);
  return { home: resolve(GUILDHALL_HOME), host: GUILDHALL_HOST, port: GUILDHALL_PORT, ...(GUILDHALL_PUBLIC_URL ? { publicUrl: GUILDHALL_PUBLIC_URL } : {}), logLevel: GUILDHALL_LOG_LEVEL };
}
