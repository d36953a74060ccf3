import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fabricPrograms } from '../nodes/programs.ts';

const run = promisify(execFile);
const programs = fabricPrograms();

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A folder that is gone after the test. */
export async function scratchFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'guildhall-oracle-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Runs one of Fabric's own programs; a failure carries what it printed. */
export async function fabricTool(
  name: Parameters<typeof programs.path>[0],
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ stdout: string; stderr: string }> {
  return run(programs.path(name), [...args], { env: { PATH: process.env['PATH'], ...env }, maxBuffer: 64 * 1024 * 1024 });
}

/** What Fabric's configtxlator reads in a message. It opens /dev/stdout by name, which the pipes of Node do not allow, hence the file. */
export async function translate(folder: string, type: string, bytes: Uint8Array): Promise<Json> {
  const [input, output] = [`${type}-${counter++}.pb`, `${type}-${counter++}.json`].map((name) => join(folder, name)) as [string, string];
  await writeFile(input, bytes);
  await fabricTool('configtxlator', ['proto_decode', '--type', type, '--input', input, '--output', output]);
  return JSON.parse(await readFile(output, 'utf8')) as Json;
}
let counter = 0;

/** Fabric's own update between two configurations, as configtxlator computes it. */
export async function fabricUpdate(folder: string, channel: string, original: Uint8Array, updated: Uint8Array): Promise<Uint8Array> {
  const [from, to, output] = ['original', 'updated', 'update'].map((name) => join(folder, `${name}-${counter++}.pb`)) as [
    string,
    string,
    string,
  ];
  await Promise.all([writeFile(from, original), writeFile(to, updated)]);
  await fabricTool('configtxlator', ['compute_update', '--channel_id', channel, '--original', from, '--updated', to, '--output', output]);
  return readFile(output);
}
