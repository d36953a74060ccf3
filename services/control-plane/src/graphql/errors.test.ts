import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { graphql, GraphQLError, parse, type GraphQLFormattedError } from 'graphql';
import { DatabaseError } from 'pg';
import { pino } from 'pino';
import { ApiProblem, errorCodes } from '../errors.ts';
import { createErrorFormatter } from './errors.ts';
import { schema } from './schema.ts';

function formatter() {
  const lines: { level: number; err?: { message: string } }[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) });
  return { format: createErrorFormatter(logger), lines };
}

/** As graphql-js hands over what a resolver threw: located, with the original inside. */
const thrown = (original: Error): GraphQLError => new GraphQLError(original.message, { originalError: original, path: ['consortium'] });
const formattedOf = (error: GraphQLError): GraphQLFormattedError => ({ ...error.toJSON(), extensions: { code: 'INTERNAL_SERVER_ERROR', stacktrace: [String(error.stack)] } });
const told = (original: Error) => {
  const { format, lines } = formatter();
  const error = thrown(original);
  return { told: format(formattedOf(error), error), lines };
};

describe('what a caller is told', () => {
  test('of a problem: all of it, as it was made to be told', () => {
    const problems = [
      { code: 'DUPLICATE', path: 'name', message: 'taken', nextAction: 'choose another' },
      { code: 'INVALID_INPUT', path: 'members[0]', message: 'wrong', nextAction: 'correct it' },
    ] as const;
    const { told: answer, lines } = told(new ApiProblem([...problems], { details: { retryable: false } }));
    assert.deepEqual(answer, { message: 'taken', path: ['consortium'], extensions: { code: 'DUPLICATE', nextAction: 'choose another', path: 'name', problems, retryable: false } });
    assert.deepEqual(lines, []);
  });

  test('of anything unexpected: that it is not his doing, and nothing of what it says', () => {
    const secret = 'password authentication failed for user "x" at postgres://u:hunter2@db';
    const { told: answer, lines } = told(new TypeError(secret));
    assert.equal(answer.extensions?.['code'], 'INTERNAL');
    assert.doesNotMatch(JSON.stringify(answer), /hunter2|password|TypeError|stack|\.ts:/);
    assert.equal(lines[0]?.level, 50);
    assert.match(lines[0]?.err?.message ?? '', /hunter2/, 'the log has it');
  });

  test('of what is away: to try again', () => {
    const { told: answer, lines } = told(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' }));
    assert.equal(answer.extensions?.['code'], 'UNAVAILABLE');
    assert.match(String(answer.extensions?.['nextAction']), /try again/);
    assert.doesNotMatch(JSON.stringify(answer), /5432/);
    assert.equal(lines[0]?.level, 40);
  });

  test('of text that the database cannot hold: that it is the text', () => {
    const error = Object.assign(new DatabaseError('invalid byte sequence for encoding "UTF8": 0x00', 1, 'error'), { code: '22021' });
    assert.equal(told(error).told.extensions?.['code'], 'INVALID_INPUT');
  });

  test('of a value of ours that GraphQL cannot carry: that it is ours, although graphql-js made the error', () => {
    const error = thrown(new GraphQLError('Int cannot represent non 32-bit signed integer value: 9999999999'));
    const { format } = formatter();
    assert.equal(format(formattedOf(error), error).extensions?.['code'], 'INTERNAL');
  });
});

describe('what a caller is told of a request that is wrong', () => {
  const asked = async (source: string, variableValues?: Record<string, unknown>) => {
    const { format } = formatter();
    const { errors } = await graphql({ schema, source, variableValues: variableValues ?? null });
    return errors?.map((error) => format(error.toJSON(), error)) ?? [];
  };

  test('has a code and the place, without a hint at other names', async () => {
    const [parse] = await asked('{ consortium(');
    assert.equal(parse?.extensions?.['code'], 'INVALID_INPUT');
    const [unknown] = await asked('{ consortiun { id } }');
    assert.match(unknown?.message ?? '', /Cannot query field "consortiun"/);
    assert.doesNotMatch(unknown?.message ?? '', /Did you mean/);
  });

  const query = 'mutation($input: CreateConsortiumInput!) { createConsortium(input: $input) { plan { sentences } } }';
  const inputs: { what: string; variable: object; literal: string; path: string; message: RegExp }[] = [
    { what: 'an unknown field', variable: { name: 'a', colour: 'red', members: [] }, literal: '{ name: "a", colour: "red", members: [] }', path: 'colour', message: /"colour" is not defined/ },
    { what: 'an unknown field deep inside', variable: { name: 'a', members: [{ name: 'b', mspId: 'c', colour: 'red' }] }, literal: '{ name: "a", members: [{ name: "b", mspId: "c", colour: "red" }] }', path: 'members[0].colour', message: /"colour" is not defined/ },
    { what: 'a missing field', variable: { members: [] }, literal: '{ members: [] }', path: 'name', message: /was not provided/ },
    { what: 'a missing field deep inside', variable: { name: 'a', members: [{ name: 'b' }] }, literal: '{ name: "a", members: [{ name: "b" }] }', path: 'members[0].mspId', message: /was not provided/ },
    { what: 'a value of another type', variable: { name: 5, members: [] }, literal: '{ name: 5, members: [] }', path: 'name', message: /String cannot represent/ },
    { what: 'a value that is none of those', variable: { name: 'a', members: [], profile: 'huge' }, literal: '{ name: "a", members: [], profile: huge }', path: 'profile', message: /does not exist in "Profile" enum/ },
  ];
  for (const { what, variable, literal, path, message } of inputs) {
    test(`of ${what} has its path, in a variable and in the query`, async () => {
      for (const told of [await asked(query, { input: variable }), await asked(`mutation { createConsortium(input: ${literal}) { plan { sentences } } }`)]) {
        assert.equal(told.length, 1);
        assert.equal(told[0]?.extensions?.['path'], path);
        assert.match(told[0]?.message ?? '', message);
        assert.equal(told[0]?.extensions?.['code'], 'INVALID_INPUT');
        assert.match(String(told[0]?.extensions?.['nextAction']), /correct it/);
      }
    });
  }

  test('of an argument that is no input has its name', async () => {
    const [literal] = await asked('{ operation(id: {a: 1}) { id } }');
    assert.equal(literal?.extensions?.['code'], 'INVALID_INPUT');
    const [first] = await asked('{ consortia(first: "many") { edges { cursor } } }');
    assert.equal(first?.extensions?.['path'], 'first');
    const [missing] = await asked(query);
    assert.equal(missing?.extensions?.['path'], 'input');
    const [wrong] = await asked('query($size: Int) { consortia(first: $size) { edges { cursor } } }', { size: 'many' });
    assert.equal(wrong?.extensions?.['path'], 'size');
  });

  test('says what is wrong also of a value that is very long, and does not repeat it', async () => {
    const [long] = await asked(query, { input: { name: 'x'.repeat(100_000), members: [], colour: 'red' } });
    assert.match(long?.message ?? '', /"colour" is not defined/);
    assert.ok((long?.message.length ?? 0) < 600);
    const [other] = await asked(query, { input: { name: 'a', members: 'x; at "input.name"; '.repeat(10_000) } });
    assert.ok((other?.message.length ?? 0) < 600);
  });

  test('of a thousand wrong values has the first', async () => {
    const problems = Array.from({ length: 1000 }, (_, index) => ({ code: 'INVALID_INPUT', path: `members[${index}]`, message: 'wrong', nextAction: 'correct it' }) as const);
    const [first, ...rest] = problems;
    assert.ok(first);
    const { told: answer } = told(new ApiProblem([first, ...rest]));
    assert.deepEqual(answer.extensions?.['problems'], problems.slice(0, 50));
  });

  test('of a query that is too long says how to send a long input', async () => {
    const { format } = formatter();
    const tooLong = `{ ${'__typename '.repeat(1001)} }`;
    assert.throws(
      () => parse(tooLong, { maxTokens: 1000 }),
      (error: unknown) => {
        assert.ok(error instanceof GraphQLError);
        const answer = format(error.toJSON(), error);
        assert.equal(answer.extensions?.['code'], 'TOO_COSTLY');
        assert.match(String(answer.extensions?.['nextAction']), /as variables/);
        return true;
      },
    );
  });
});

test('every code says what it means', () => {
  for (const [code, meaning] of Object.entries(errorCodes)) assert.ok(meaning.length > 10, code);
});
