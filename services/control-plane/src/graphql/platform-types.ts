import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Platform, PreparationStep } from '../platform/platform.ts';
import { builder } from './builder.ts';
import { changeStream } from './change-stream.ts';
import type { RequestContext } from './context.ts';

const preparationStepType = builder.objectRef<PreparationStep>('PreparationStep').implement({
  authScopes: { admin: true },
  description: 'Something that has to be there before everything works, such as programs that are built at the first start.',
  fields: (t) => ({
    title: t.exposeString('title'),
    state: t.exposeString('state', { description: 'running, succeeded, or waiting: for a person, who has to do what the message says.' }),
    message: t.exposeString('message'),
  }),
});

const serverVersion = async (db: Database): Promise<string> => {
  const { rows } = await sql<{ version: string }>`select current_setting('server_version') as version`.execute(db);
  return `PostgreSQL ${rows[0]?.version ?? ''}`;
};

const platformType = builder.objectRef<Platform>('Platform').implement({
  authScopes: { admin: true },
  description: 'What Guildhall runs on.',
  fields: (t) => ({
    version: t.exposeString('version', { description: 'Of Guildhall.' }),
    node: t.string({ description: 'The version of Node.js that it runs under.', resolve: () => process.versions.node }),
    database: t.string({ resolve: (_, __, { services }) => serverVersion(services.db) }),
    cluster: t.exposeString('cluster', { description: 'local: the cluster of one machine; or kubernetes.' }),
    fabric: t.string({ nullable: true, description: 'The version of Fabric that nodes run. Absent while its programs are not there; then no node runs, and the preparation says why.', resolve: (platform) => platform.fabricVersion() ?? null }),
    startedAt: t.expose('startedAt', { type: 'DateTime' }),
    home: t.string({ nullable: true, description: 'The folder that holds all state, on one machine.', resolve: (platform) => platform.home ?? null }),
    preparation: t.field({ type: [preparationStepType], resolve: (platform) => [...platform.preparation()] }),
  }),
});

builder.queryField('platform', (t) => t.field({ type: platformType, resolve: (_, __, { services }) => services.platform }));

const platformChanges = ({ services: { platform, notifications } }: RequestContext): AsyncIterableIterator<Platform> =>
  changeStream({
    notifications: { on: (_, tell) => platform.onChange(() => tell('')), onGap: notifications.onGap },
    channel: 'platform',
    matches: () => true,
    read: () => Promise.resolve(platform),
  });

builder.subscriptionField('platform', (t) =>
  t.field({
    type: platformType,
    description: 'What Guildhall runs on, now and after every change of its preparation.',
    subscribe: (_, __, context) => platformChanges(context),
    resolve: (platform) => platform,
  }),
);
