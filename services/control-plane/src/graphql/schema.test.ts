import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { graphql, isObjectType } from 'graphql';
import { createRequestContext, type Services } from './context.ts';
import { printedSchema, schema } from './schema.ts';

test('schema.graphql is what the code says', async () => {
  const checkedIn = await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8');
  assert.equal(checkedIn, printedSchema(), 'differs: npm run print-schema -w services/control-plane');
});

test('no field of a query or mutation answers who is not signed in', async () => {
  const nobody = createRequestContext({} as Services, undefined);
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    assert.ok(isObjectType(root));
    for (const field of Object.values(root.getFields())) {
      const required = field.args.filter((argument) => argument.type.toString().endsWith('!'));
      const values = required.map((argument) => `${argument.name}: ${sample(argument.type.toString())}`).join(', ');
      const selection = isObjectType(namedType(field.type.toString())) ? '{ __typename }' : '';
      const source: string = `${root.name === 'Mutation' ? 'mutation' : 'query'} { ${field.name}${values ? `(${values})` : ''} ${selection} }`;
      const result = await graphql({ schema, source, contextValue: nobody });
      const codes = result.errors?.map((error) => (error.originalError as { problems?: { code: string }[] } | undefined)?.problems?.[0]?.code);
      assert.deepEqual(codes, ['UNAUTHENTICATED'], `${source}: ${JSON.stringify(result)}`);
    }
  }
});

const namedType = (text: string): unknown => schema.getType(text.replaceAll(/[[\]!]/g, ''));

/** A literal that an argument of the type accepts. */
function sample(type: string): string {
  const transaction = '{consortium: "a", member: "a", channel: "a", contract: "a", function: "a"}';
  const samples: Record<string, string> = {
    'ID!': '"1"',
    'CreateConsortiumInput!': '{name: "a", members: []}',
    'DeleteConsortiumInput!': '{name: "a"}',
    'DeployContractInput!': '{consortium: "a", channel: "a", name: "a", template: "a"}',
    'UpgradeContractInput!': '{consortium: "a", name: "a", template: "a", version: "1"}',
    'SubmitTransactionInput!': transaction,
    'EvaluateTransactionInput!': transaction,
  };
  const literal = samples[type];
  assert.ok(literal, `add a sample of ${type}`);
  return literal;
}
