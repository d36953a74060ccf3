import { findConsortiumEver } from '../consortia/consortium-repository.ts';
import type { ConsortiumRow, OperationRow } from '../database/schema.ts';
import { notFound } from '../errors.ts';
import { hasEnded } from '../operations/operation.ts';
import { builder } from './builder.ts';
import { changeStream } from './change-stream.ts';
import { forgetLoaded, type RequestContext } from './context.ts';
import { operationType } from './operation-types.ts';
import { consortiumBy, operationBy } from './queries.ts';
import { consortiumType } from './resource-types.ts';

async function operationChanges(context: RequestContext, id: string): Promise<AsyncIterableIterator<OperationRow>> {
  // Asked before listening, so that an unknown id is an error of the request and not an empty stream.
  await operationBy(context, id);
  return changeStream({
    notifications: context.services.notifications,
    channel: 'guildhall_operation',
    matches: (payload) => payload === id,
    read: () => {
      forgetLoaded(context.loaders);
      return operationBy(context, id);
    },
    isLast: hasEnded,
  });
}

async function consortiumChanges(context: RequestContext, id: string): Promise<AsyncIterableIterator<ConsortiumRow>> {
  // Asked before listening, so that an unknown id is an error of the request and not an empty stream.
  const { name } = await consortiumBy(context, { id });
  return changeStream({
    notifications: context.services.notifications,
    channel: 'guildhall_projection',
    matches: (payload) => payload.startsWith(`${name} `),
    read: async () => {
      forgetLoaded(context.loaders);
      const row = await findConsortiumEver(context.services.db, id);
      if (!row) throw notFound('consortium', 'id');
      return row;
    },
    isLast: (row) => row.state === 'deleted',
  });
}

builder.subscriptionFields((t) => ({
  operation: t.field({
    type: operationType,
    description: 'The operation now and after every change, until it has ended.',
    args: { id: t.arg.id({ required: true }) },
    subscribe: (_, { id }, context) => operationChanges(context, id),
    resolve: (operation) => operation,
  }),
  consortium: t.field({
    type: consortiumType,
    description: 'The consortium now and after every change of anything in it, until it is deleted.',
    args: { id: t.arg.id({ required: true }) },
    subscribe: (_, { id }, context) => consortiumChanges(context, id),
    resolve: (consortium) => consortium,
  }),
}));
