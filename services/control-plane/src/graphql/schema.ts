import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';
import './queries.ts';
import './contract-source-types.ts';
import './consent-types.ts';
import './mutations.ts';
import './subscriptions.ts';

export const schema: GraphQLSchema = builder.toSchema();

/** The contract with every client, as `schema.graphql` holds it. */
export const printedSchema = (): string => `${printSchema(lexicographicSortSchema(schema))}\n`;
