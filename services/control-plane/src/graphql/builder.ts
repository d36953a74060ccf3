import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { GraphQLError } from 'graphql';
import { forbidden, unauthenticated } from '../errors.ts';
import type { RequestContext } from './context.ts';

export interface SchemaTypes {
  Context: RequestContext;
  AuthScopes: { admin: boolean };
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Scalars: {
    DateTime: { Input: Date; Output: Date | string };
    JSON: { Input: never; Output: unknown };
  };
}

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ScopeAuthPlugin, RelayPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    // Otherwise a subscription begins, and tells whether what it asks for exists, before anybody asks who asks.
    authorizeOnSubscribe: true,
    // Asked once for each object and not again for each of its fields.
    runScopesOnType: true,
    authScopes: (context) => ({ admin: context.actor === 'admin' }),
    unauthorizedError: (_parent, context) => (context.actor === undefined ? unauthenticated() : forbidden()),
  },
  relay: {
    // "Node" is a noun of ours: a peer or an orderer. Objects are found by the queries that bear their names.
    nodeTypeOptions: { name: 'Entity' },
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    cursorType: 'String',
    edgesFieldOptions: { nullable: false },
    nodeFieldOptions: { nullable: false },
    pageInfoTypeOptions: { authScopes: { admin: true } },
    defaultConnectionTypeOptions: { authScopes: { admin: true } },
    defaultEdgeTypeOptions: { authScopes: { admin: true } },
  },
});

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

builder.scalarType('DateTime', {
  description: 'RFC 3339, in UTC.',
  serialize: (value) => (value instanceof Date ? value.toISOString() : value),
  parseValue: (value) => {
    if (typeof value !== 'string' || !rfc3339.test(value) || Number.isNaN(Date.parse(value))) throw new GraphQLError('it is not a time as in 2026-01-31T12:00:00Z');
    return new Date(value);
  },
});

builder.scalarType('JSON', { description: 'Any JSON value; in answers only.', serialize: (value) => value });

// Default deny: every type names who may see its fields, and a test finds one that does not.
builder.queryType({ authScopes: { admin: true } });
builder.mutationType({ authScopes: { admin: true } });
builder.subscriptionType({ authScopes: { admin: true } });
