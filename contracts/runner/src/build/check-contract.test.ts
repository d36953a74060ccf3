import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildContract } from './build-contract.ts';
import { checkContract } from './check-contract.ts';
import type { Problem } from './problems.ts';
import { readSource } from './read-source.ts';

const receivable = (version: string): string => fileURLToPath(new URL(`../../../receivable/src/${version}.ts`, import.meta.url));
const contract = `export const describe = (): string => '{"title":"small"}';\nexport const invoke = (): string => '';\n`;
const problemsOf = async (files: Record<string, string>): Promise<readonly Problem[]> => (await checkContract({ entry: 'main.ts', files: { 'main.ts': contract, ...files } })).problems;
const told = (problems: readonly Problem[]): string[] => problems.map(({ severity, rule, file, line, column }) => `${severity} ${rule} ${file}:${line}:${column}`);

describe('a contract from source', () => {
  test('the files of a template pass, and give the digest that its folder gives', async () => {
    for (const version of ['v1', 'v2']) {
      const source = await readSource(receivable(version));
      assert.equal(source.entry, `${version}.ts`);
      assert.equal(Object.hasOwn(source.files, 'cancel.ts'), version === 'v2', 'no file that this version does not use');
      const [{ problems, built }, fromDisk] = await Promise.all([checkContract(source), buildContract({ entry: receivable(version) })]);
      assert.deepEqual(problems, []);
      assert.equal(built?.digest, fromDisk.digest);
    }
  });

  test('mistakes of types and what would not run the same everywhere are told at once, each at its place and with what to do', async () => {
    const problems = await problemsOf({
      'main.ts': `${contract}import { money } from '@guildhall/contract-base';\nexport const a = money('1', 'CNY');\nexport const b = (): number => Date.now();\n`,
      'parts/other.ts': `export const ä = 'öö'; export const n: number = ä;\n`,
    });
    assert.deepEqual(told(problems), ['error type main.ts:4:24', 'error clock main.ts:5:32', 'error type parts/other.ts:1:37']);
    assert.ok(problems.every(({ nextAction }) => nextAction !== ''));
    assert.match(problems[0]?.message ?? '', /'string' is not assignable to parameter of type 'bigint'/);
  });

  test('a mistake is told once: a name of another platform, a syntax error, an import that is not there', async () => {
    assert.deepEqual(told(await problemsOf({ 'main.ts': `${contract}export const f = (): void => console.log(1);` })), ['error input-output main.ts:3:30']);
    assert.deepEqual(told(await problemsOf({ 'main.ts': `${contract}export const = 1;` })), ['error build main.ts:3:14']);
    assert.deepEqual(told(await problemsOf({ 'main.ts': `${contract}export * from 'lodash';` })), ['error build main.ts:3:15']);
  });

  test('what is of no use is a warning, and keeps nothing from being built', async () => {
    const { problems, built } = await checkContract({ entry: 'main.ts', files: { 'main.ts': `${contract}const unused = 1;\n` } });
    assert.deepEqual(told(problems), ['warning type main.ts:3:7']);
    assert.ok(built);
  });

  test('nothing outside of the source is read, whatever it names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'guildhall-outside-'));
    try {
      await writeFile(join(folder, 'secret.ts'), `export const secret = { password: 'hunter2' } as const;\ndeclare global { var fromOutside: 'hunter2' }\n`);
      const up = '../'.repeat(20);
      for (const source of [
        `import { secret } from '${folder}/secret.ts'; export const n: number = secret;`,
        `import type { secret } from '${folder}/secret.ts'; export const n: typeof secret = 1;`,
        `export const n: typeof import('${folder}/secret.ts') = 1;`,
        `export const n: typeof import('${up}${folder.slice(1)}/secret.ts') = 1;`,
        `export const n: number = fromOutside;`,
      ]) {
        const problems = await problemsOf({ 'main.ts': `/// <reference path="${folder}/secret.ts" />\n/// <reference types="node" />\n${contract}${source}\n` });
        assert.ok(problems.some(({ severity }) => severity === 'error'), source);
        assert.ok(!JSON.stringify(problems).includes('hunter2'), JSON.stringify(problems));
        assert.ok(!JSON.stringify(problems).includes('password'), JSON.stringify(problems));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('types that take all memory end the check, and nothing else', async () => {
    const hungry = `type Grow<A extends string, N extends unknown[] = []> = N['length'] extends 900 ? A : Grow<\`\${A}\${A}\`, [...N, 1]>;\nexport const big: Grow<'0123456789'> = 'x';\n`;
    const problems = await problemsOf({ 'main.ts': `${contract}${hungry}` });
    assert.ok(problems.some(({ severity, rule }) => severity === 'error' && rule === 'type'), JSON.stringify(problems));
    assert.deepEqual(await problemsOf({}), []);
  });
});
