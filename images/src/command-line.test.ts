import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCommand } from './command-line.ts';
import { ImageError } from './part.ts';

const context = { usual: ['operator', 'control-plane', 'postgres'], others: ['notary'], defaultOutput: '/repository/.guildhall/images', cwd: '/home/me' };

test('the usual images go where they belong unless told otherwise', () => {
  assert.deepEqual(readCommand([], context), { names: context.usual, output: context.defaultOutput });
});

test('some are named, with or without what all names begin with, and a folder is where the person is', () => {
  assert.deepEqual(readCommand(['--only', 'postgres,guildhall/operator', '--output', 'out'], context), { names: ['operator', 'postgres'], output: '/home/me/out' });
  assert.deepEqual(readCommand(['--only', 'postgres', '--only', 'operator'], context).names, ['operator', 'postgres']);
  assert.deepEqual(readCommand(['--only', 'notary'], context).names, ['notary']);
});

test('what is unknown is told with what there is', () => {
  for (const [args, words] of [
    [['--only', 'operater'], /no image operater; there are operator, control-plane, postgres, notary/],
    [['--all'], /--all[\s\S]*Usage: npm run images/],
    [['operator'], /operator[\s\S]*Usage/],
    [['--output'], /output[\s\S]*Usage/],
  ] as const)
    assert.throws(() => readCommand(args, context), (error: unknown) => error instanceof ImageError && words.test(error.message));
});
