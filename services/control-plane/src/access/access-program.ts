import { endProcess, readDatabaseUrl, SettingsError } from '@guildhall/process';
import { readControlPlaneSettings } from '../process-settings.ts';
import { NoAccessError } from './issue-access.ts';

export interface AccessProgram {
  databaseUrl: string;
  /** Where browsers reach Guildhall, if it is set. */
  publicUrl: URL | undefined;
  /** What stands behind the program's name. */
  words: readonly string[];
}

/** A program that a person runs in a pod of the control plane, by its settings; what it gives is printed there and nowhere else. */
export function runAccessProgram(work: (program: AccessProgram) => Promise<readonly string[]>): void {
  const run = async (): Promise<void> => {
    const settings = readControlPlaneSettings(process.env);
    const lines = await work({ databaseUrl: readDatabaseUrl(settings.GUILDHALL_DATABASE_URL_FILE), publicUrl: settings.GUILDHALL_PUBLIC_URL, words: process.argv.slice(2) });
    process.stdout.write(`${lines.join('\n')}\n`);
  };
  run().catch((error: unknown) => endProcess(error instanceof NoAccessError ? new SettingsError(error.message) : error));
}
