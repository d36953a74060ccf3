import { Client } from 'pg';
import type { Secrets } from '../secrets.ts';
import { administratorUrl, postgresUrl, type PostgresServer } from './server.ts';

type Component = Exclude<keyof Secrets['database'], 'administrator'>;

/** Each component has a role and a database of its own: none can read the others' rows, least of all the sealed keys. */
const databases: Record<Component, string> = {
  controlPlane: 'control_plane',
  certificateAuthority: 'certificate_authority',
  localCluster: 'local_cluster',
};

export type DatabaseUrls = Record<Component, string>;

export const databaseUrl = (server: Pick<PostgresServer, 'port'>, passwords: Secrets['database'], component: Component): string =>
  postgresUrl(server, databases[component], passwords[component], databases[component]);

export async function prepareDatabases(server: Pick<PostgresServer, 'port'>, passwords: Secrets['database']): Promise<DatabaseUrls> {
  const client = new Client({ connectionString: administratorUrl(server, passwords.administrator) });
  await client.connect();
  try {
    for (const [component, name] of Object.entries(databases) as [Component, string][]) {
      const { rowCount: roles } = await client.query('select 1 from pg_roles where rolname = $1', [name]);
      // The password is 64 hexadecimal digits of ours; DDL takes no parameters.
      if (!roles) await client.query(`create role ${name} login nosuperuser nocreatedb nocreaterole password '${passwords[component]}'`);
      const { rowCount: found } = await client.query('select 1 from pg_database where datname = $1', [name]);
      if (!found) await client.query(`create database ${name} owner ${name}`);
      await client.query(`revoke connect on database ${name} from public`);
    }
  } finally {
    await client.end();
  }
  const url = (component: Component): string => databaseUrl(server, passwords, component);
  return { controlPlane: url('controlPlane'), certificateAuthority: url('certificateAuthority'), localCluster: url('localCluster') };
}
