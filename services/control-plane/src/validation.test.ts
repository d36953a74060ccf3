import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { ApiProblem } from './errors.ts';
import { parseInput, pathText } from './validation.ts';

test('paths are written as a person would write them', () => {
  assert.equal(pathText([]), '');
  assert.equal(pathText(['members', 1, 'nodes', 0, 'name']), 'members[1].nodes[0].name');
});

test('every problem of an input is told, with its path, and what to do', () => {
  const schema = z.strictObject({ name: z.string().min(2), list: z.array(z.int()) });
  assert.deepEqual(parseInput(schema, { name: 'ab', list: [1] }), { name: 'ab', list: [1] });
  assert.throws(
    () => parseInput(schema, { name: 'a', list: [1, 'x'], more: true }),
    (error: unknown) => {
      assert.ok(error instanceof ApiProblem);
      assert.deepEqual(error.problems.map(({ path }) => path), ['name', 'list[1]', '']);
      assert.ok(error.problems.every((problem) => problem.code === 'INVALID_INPUT' && problem.nextAction.length > 0));
      assert.match(error.problems[2]?.message ?? '', /^the input: .*more/);
      return true;
    },
  );
});
