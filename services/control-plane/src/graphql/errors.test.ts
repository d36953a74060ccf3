import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { graphql, GraphQLError, type GraphQLFormattedError } from 'graphql';
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
    const query = 'mutation($input: CreateConsortiumInput!) { createConsortium(input: $input) { plan { sentences } } }';
    const [variable] = await asked(query, { input: { name: 'a', members: [{ name: 'b', mspId: 'c', colour: 'red' }] } });
    assert.equal(variable?.extensions?.['path'], 'members[0]');
    const [long] = await asked(query, { input: { name: 'a', members: 'x'.repeat(100_000) } });
    assert.ok((long?.message.length ?? 0) < 600);
  });
});

test('every code says what it means', () => {
  for (const [code, meaning] of Object.entries(errorCodes)) assert.ok(meaning.length > 10, code);
});
