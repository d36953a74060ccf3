import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { graphql, GraphQLObjectType, GraphQLSchema, isObjectType, parse, subscribe, type GraphQLError } from 'graphql';
import { createRequestContext, type Services } from './context.ts';
import { printedSchema, schema } from './schema.ts';

test('schema.graphql is what the code says', async () => {
  const checkedIn = await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8');
  assert.equal(checkedIn, printedSchema(), 'differs: npm run print-schema -w services/control-plane');
});

const nobody = () => createRequestContext({} as Services, undefined);
const codesOf = (errors: readonly GraphQLError[] | undefined) => errors?.map((error) => (error.originalError as { problems?: { code: string }[] } | undefined)?.problems?.[0]?.code);

test('no field of a query, mutation or subscription answers who is not signed in', async () => {
  for (const [operation, root] of Object.entries({ query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() })) {
    assert.ok(isObjectType(root));
    for (const field of Object.values(root.getFields())) {
      const required = field.args.filter((argument) => argument.type.toString().endsWith('!'));
      const values = required.map((argument) => `${argument.name}: ${sample(argument.type.toString())}`).join(', ');
      const selection = isObjectType(namedType(field.type.toString())) ? '{ __typename }' : '';
      const source: string = `${operation} { ${field.name}${values ? `(${values})` : ''} ${selection} }`;
      const result = await (operation === 'subscription' ? subscribe({ schema, document: parse(source), contextValue: nobody() }) : graphql({ schema, source, contextValue: nobody() }));
      assert.ok(!(Symbol.asyncIterator in result), source);
      assert.deepEqual(codesOf(result.errors), ['UNAUTHENTICATED'], `${source}: ${JSON.stringify(result)}`);
    }
  }
});

test('every type names who may see its fields, and shows none of them to others, however they come to it', async () => {
  const roots = new Set<unknown>([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type)).filter((type) => !type.name.startsWith('__') && !roots.has(type));
  assert.ok(types.length > 20);
  for (const type of types) {
    const { authScopes } = type.extensions['pothosOptions'] as { authScopes?: unknown };
    assert.deepEqual(authScopes, { admin: true }, type.name);
    // As if a field above had let them through.
    const open = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields: { leak: { type, resolve: () => ({}) } } }), types });
    for (const [actor, code] of [[undefined, 'UNAUTHENTICATED'], ['somebody', 'FORBIDDEN']] as const) {
      const { data, errors } = await graphql({ schema: open, source: '{ leak { __typename } }', contextValue: createRequestContext({} as Services, actor) });
      assert.deepEqual(codesOf(errors), [code], type.name);
      assert.equal(data?.['leak'] ?? null, null);
    }
  }
});

const namedType = (text: string): unknown => schema.getType(text.replaceAll(/[[\]!]/g, ''));

/** A literal that an argument of the type accepts. */
function sample(type: string): string {
  const transaction = '{consortium: "a", member: "a", channel: "a", contract: "a", function: "a"}';
  const samples: Record<string, string> = {
    'ID!': '"1"',
    'String!': '"a"',
    'CreateClientIdentityInput!': '{consortium: "a", member: "a", name: "a"}',
    'Int!': '1',
    'CreateConsortiumInput!': '{name: "a", members: []}',
    'DeleteConsortiumInput!': '{name: "a"}',
    'DeployContractInput!': '{consortium: "a", channel: "a", name: "a", template: "a"}',
    'CheckContractInput!': '{source: {files: [], entry: "a"}}',
    'ApproveInput!': '{consortium: "a", contract: "a", member: "a"}',
    'RejectInput!': '{consortium: "a", contract: "a", member: "a", reason: "a"}',
    'UpgradeContractInput!': '{consortium: "a", name: "a", template: "a", version: "1"}',
    'AddNodeInput!': '{consortium: "a", member: "a", name: "a", role: peer}',
    'RemoveNodeInput!': '{consortium: "a", member: "a", name: "a"}',
    'ChangeNodeInput!': '{consortium: "a", member: "a", name: "a", memory: "1Gi"}',
    'RestartNodeInput!': '{consortium: "a", member: "a", name: "a"}',
    'SubmitTransactionInput!': transaction,
    'EvaluateTransactionInput!': transaction,
  };
  const literal = samples[type];
  assert.ok(literal, `add a sample of ${type}`);
  return literal;
}
