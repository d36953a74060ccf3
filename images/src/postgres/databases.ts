import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SettingsError } from '@guildhall/process';
import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg';

/** A database and the role that owns it have one name. */
export interface Database {
  name: string;
  password: string;
}

const validName = /^[a-z_][a-z0-9_]{0,62}$/;
const reserved = /^(?:pg_|postgres$|template[01]$|guildhall$)/;

/** A file for each database: its name is the database's, its content the password. Hidden ones are those that a mounted Secret brings along. */
export async function readDatabases(folder: string): Promise<Database[]> {
  const names = (await list(folder)).filter((name) => !name.startsWith('.')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      if (!validName.test(name) || reserved.test(name))
        throw new SettingsError(`${join(folder, name)}: "${name}" is no name for a database: use up to 63 of a-z, 0-9 and _, and none that PostgreSQL or this image has already`);
      const password = (await readFile(join(folder, name), 'utf8')).trim();
      if (password.length < 16) throw new SettingsError(`${join(folder, name)} holds a password of fewer than 16 characters: give a longer one`);
      return { name, password };
    }),
  );
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new SettingsError(`${folder} cannot be read (${error instanceof Error ? error.message : String(error)}): mount a Secret there, with a key for each database that has its password`, { cause: error });
  }
}

/** What is missing is made, and passwords are what the files say now. Nothing is ever removed. */
export async function ensureDatabases(client: Pick<ClientBase, 'query'>, databases: readonly Database[]): Promise<void> {
  // A statement that fails would be logged, with its password.
  await client.query('set log_min_error_statement = panic');
  for (const { name, password } of databases) {
    const role = escapeIdentifier(name);
    const { rowCount: roles } = await client.query('select 1 from pg_roles where rolname = $1', [name]);
    // DDL takes no parameters.
    await client.query(`${roles ? 'alter' : 'create'} role ${role} login nosuperuser nocreatedb nocreaterole password ${escapeLiteral(password)}`);
    const { rowCount: found } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (!found) await client.query(`create database ${role} owner ${role}`);
    await client.query(`revoke connect on database ${role} from public`);
  }
}
