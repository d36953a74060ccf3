import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';
import './queries.ts';
import './contract-source-types.ts';
import './consent-types.ts';
import './mutations.ts';
import './application-types.ts';
import './subscriptions.ts';
import './platform-types.ts';
import './channel-ledger.ts';
import './ledger-queries.ts';
import './ledger-subscriptions.ts';
import './node-types.ts';
import './log-types.ts';

export const schema: GraphQLSchema = builder.toSchema();

/** The contract with every client, as `schema.graphql` holds it. */
export const printedSchema = (): string => `${printSchema(lexicographicSortSchema(schema))}\n`;
