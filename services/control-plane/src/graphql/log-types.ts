import type { ContractInstallation, Node } from '@guildhall/resources';
import { isAway } from '../availability.ts';
import type { LogLine } from '../logs/log-line.ts';
import { logQuery } from '../logs/pod-logs.ts';
import { findObject } from '../projections/find-object.ts';
import { findProjection } from '../projections/projection-repository.ts';
import { parseInput } from '../validation.ts';
import { builder } from './builder.ts';
import { contractMemberType } from './consent-types.ts';
import type { RequestContext } from './context.ts';
import { objectBy } from './queries.ts';
import { nodeType, type Of } from './resource-types.ts';

const logLineType = builder.objectRef<LogLine>('LogLine').implement({
  authScopes: { admin: true },
  description: 'A line of a log, without what a terminal would obey; a line of more than 4000 characters is cut.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', nullable: true, description: 'When it was written; null where the line does not say.' }),
    level: t.exposeString('level', { nullable: true, description: 'debug, info, warn, error or fatal; null where the line does not say.' }),
    text: t.exposeString('text'),
  }),
});

/** A StatefulSet's only pod. */
const podOf = ({ metadata: { namespace = '', name } }: Node): { namespace: string; name: string } => ({ namespace, name: `${name}-0` });

const queryOf = ({ lines, search, previous }: { lines?: number | null | undefined; search?: string | null | undefined; previous?: boolean | null | undefined }) =>
  parseInput(logQuery, { lines: lines ?? 200, search: search ?? undefined, previous: previous ?? undefined });

const described = {
  lines: 'How many at most, the newest; at most 1000.',
  search: 'Only lines that contain this, whatever the case; looked for among the last 20,000.',
  previous: 'Of the process before the present one, as after a crash.',
};

builder.objectFields(nodeType, (t) => ({
  log: t.field({
    type: [logLineType],
    description: 'The newest lines of its log, the oldest of them first; none before its process has begun.',
    args: { lines: t.arg.int({ defaultValue: 200, description: described.lines }), search: t.arg.string({ description: described.search }), previous: t.arg.boolean({ description: described.previous }) },
    resolve: ({ object }, args, { services }) => services.logs.read(podOf(object), queryOf(args)),
  }),
}));

builder.objectFields(contractMemberType, (t) => ({
  log: t.field({
    type: [logLineType],
    description: 'The newest lines that the member’s instance of the contract wrote, the oldest of them first.',
    args: { lines: t.arg.int({ defaultValue: 200, description: described.lines }), search: t.arg.string({ description: described.search }), previous: t.arg.boolean({ description: described.previous }) },
    resolve: async ({ name, consortium, contract }, args, context) => {
      const query = queryOf(args);
      const installation = findObject<ContractInstallation>(await context.loaders.objects.load(consortium), 'ContractInstallation', contract, name);
      const instance = installation?.status?.instance?.name;
      return instance === undefined ? [] : context.services.logs.read({ namespace: installation?.metadata.namespace ?? '', name: `${instance}-0` }, query);
    },
  }),
}));

async function nodeLog(context: RequestContext, id: string, lines: number | null | undefined): Promise<AsyncIterableIterator<LogLine[]>> {
  const query = queryOf({ lines });
  // Asked before listening, so that an unknown id is an error of the request and not an empty stream.
  const { object } = await objectBy<Of<Node>>(context, 'Node', id);
  const isGone = async (): Promise<boolean> => {
    try {
      return (await findProjection(context.services.db, 'Node', id)) === undefined;
    } catch (error) {
      // While the database is away nobody can tell, and the log goes on.
      if (isAway(error)) return false;
      throw error;
    }
  };
  return context.services.logs.follow(podOf(object), query.lines, isGone);
}

builder.subscriptionFields((t) => ({
  nodeLog: t.field({
    type: [logLineType],
    description: 'The newest lines of a node’s log, then others as they come, over restarts and broken connections, until the node is gone.',
    args: { id: t.arg.id({ required: true }), lines: t.arg.int({ defaultValue: 200, description: 'How many of the newest come first; at most 1000.' }) },
    subscribe: (_, { id, lines }, context) => nodeLog(context, id, lines),
    resolve: (lines) => lines,
  }),
}));
