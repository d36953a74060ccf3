import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';
import './queries.ts';
import './mutations.ts';
import './subscriptions.ts';
import './node-types.ts';
import './log-types.ts';

export const schema: GraphQLSchema = builder.toSchema();

/** The contract with every client, as `schema.graphql` holds it. */
export const printedSchema = (): string => `${printSchema(lexicographicSortSchema(schema))}\n`;
