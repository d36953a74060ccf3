import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSchema, isEnumType, isInputObjectType, isObjectType, isSpecifiedScalarType, type GraphQLArgument, type GraphQLField, type GraphQLInputField, type GraphQLNamedType } from 'graphql';
import type { Plugin } from 'vite';
import type { SchemaArgument, SchemaField, SchemaType } from '../src/api/schema-type.ts';

const schemaFile = fileURLToPath(new URL('../../services/control-plane/schema.graphql', import.meta.url));

const argumentOf = ({ name, type, description }: GraphQLArgument | GraphQLInputField): SchemaArgument => ({ name, type: String(type), description: description ?? '' });
const fieldOf = ({ name, type, description, args }: GraphQLField<unknown, unknown>): SchemaField => ({ name, type: String(type), description: description ?? '', arguments: args.map(argumentOf) });

function fieldsOf(type: GraphQLNamedType): SchemaField[] {
  if (isObjectType(type)) return Object.values(type.getFields()).map(fieldOf);
  if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => ({ ...argumentOf(field), arguments: [] }));
  if (isEnumType(type)) return type.getValues().map(({ name, description }) => ({ name, type: '', description: description ?? '', arguments: [] }));
  return [];
}

const kindOf = (type: GraphQLNamedType): SchemaType['kind'] => (isInputObjectType(type) ? 'input' : isEnumType(type) ? 'enum' : isObjectType(type) ? 'type' : 'scalar');

const roots = ['Query', 'Mutation', 'Subscription'];
const rank = (name: string): number => (roots.includes(name) ? roots.indexOf(name) : roots.length);

/** What there is to read of a schema: the three roots first, then by name. */
export const describeSchema = (sdl: string): SchemaType[] =>
  Object.values(buildSchema(sdl).getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type))
    .map((type) => ({ name: type.name, kind: kindOf(type), description: type.description ?? '', fields: fieldsOf(type) }))
    .sort((one, other) => rank(one.name) - rank(other.name) || one.name.localeCompare(other.name, 'en'));

const id = 'virtual:guildhall-schema';

/** The API's schema for its browser, in a chunk of its own, and without a parser in the page. */
export const schemaModel = (): Plugin => ({
  name: 'guildhall-schema',
  resolveId: (source) => (source === id ? `\0${id}` : undefined),
  load: (loaded) => (loaded === `\0${id}` ? `export const types = ${JSON.stringify(describeSchema(readFileSync(schemaFile, 'utf8')))};` : undefined),
});
