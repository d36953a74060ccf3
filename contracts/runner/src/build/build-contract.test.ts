import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildContract } from './build-contract.ts';
import { BuildError, type Problem } from './problems.ts';

const contracts = fileURLToPath(new URL('../../../', import.meta.url));

const describing = `export const describe = () => '{"title":"small"}'; export const invoke = () => '';\n`;
const build = async (body: string) => buildContract({ entry: 'src/main.ts', files: { 'src/main.ts': `${describing}${body}` } });

/** The problems, as they stand in the second line and after of src/main.ts. */
async function problemsOf(body: string): Promise<readonly Problem[]> {
  try {
    await build(body);
  } catch (error) {
    assert.ok(error instanceof BuildError, String(error));
    return error.problems;
  }
  return [];
}

describe('building', () => {
  test('the same sources give the same digest from any folder', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'guildhall-build-'));
    try {
      // The copies find contracts/base beside them, as the original does.
      for (const name of ['base', 'receivable'])
        await cp(join(contracts, name, 'src'), join(elsewhere, 'contracts', name, 'src'), { recursive: true });
      await symlink(join(contracts, '../node_modules'), join(elsewhere, 'node_modules'));
      for (const version of ['v1', 'v2']) {
        const [here, there] = await Promise.all(
          [contracts, join(elsewhere, 'contracts')].map(async (root) =>
            buildContract({ entry: join(root, `receivable/src/${version}.ts`) }),
          ),
        );
        assert.equal(here!.digest, there!.digest);
        assert.ok(!Buffer.from(here!.artifact).includes(contracts), 'no path of this machine');
      }
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  test('two versions of a template have different digests and say which they are', async () => {
    const [first, second] = await Promise.all(
      ['v1', 'v2'].map(async (version) => buildContract({ entry: join(contracts, `receivable/src/${version}.ts`) })),
    );
    assert.notEqual(first!.digest, second!.digest);
    assert.equal(first!.metadata['version'], '1.0.0');
    assert.equal(second!.metadata['version'], '2.0.0');
  });

  test('sources that are given as texts see each other and the base, and nothing else', async () => {
    const { metadata } = await buildContract({
      entry: 'main.ts',
      files: {
        'main.ts': `import { title } from './parts/title.ts'; import { money } from '@guildhall/contract-base';\nexport const invoke = () => '';\nexport const describe = () => JSON.stringify({ title, one: money(1n, 'CNY') });`,
        'parts/title.ts': `export const title: string = 'in parts';`,
      },
    });
    assert.deepEqual(metadata, { title: 'in parts', one: { minor: '1', ccy: 'CNY' } });
    const outside = await problemsOf(`import '../../etc/passwd';`);
    assert.match(outside[0]!.message, /there is no file/);
  });

  test('another package is refused, with the place of its import', async () => {
    for (const name of ['lodash', 'node:fs', '@guildhall/pki', '/etc/passwd', 'constructor', '__proto__']) {
      const [problem] = await problemsOf(`import * as other from '${name}';\nexport const x = other;`);
      assert.match(problem!.message, /may not be imported/);
      assert.deepEqual([problem!.file, problem!.line, problem!.column], ['src/main.ts', 2, 24]);
    }
  });

  test('a name that is put together at run time does not become a search on the disk of this machine', async () => {
    for (const [name, column] of [
      ['import(`./${n}.ts`)', 33],
      ['import("../../" + n)', 33],
      ['import(n ? "./" + n : "./x")', 33],
      ['require("./" + n)', 33],
    ] as const) {
      const problems = await problemsOf(`export const f = (n: string) => ${name};`);
      assert.deepEqual(
        problems.map(({ message, file, line, column }) => [message, file, line, column]),
        [['a contract cannot import at run time: its code is fixed when it is built', 'src/main.ts', 2, column]],
        name,
      );
    }
  });

  test('what is nested too deeply to be read is refused in words', async () => {
    assert.match((await problemsOf(`export const x = ${'['.repeat(5000)}1${']'.repeat(5000)};`))[0]!.message, /nested too deeply/);
  });

  test('what is no contract is refused, in words', async () => {
    const refused: readonly (readonly [source: string, message: RegExp])[] = [
      ['export const describe = () => "{}";', /no function invoke/],
      ['export const invoke = () => "";', /describe is not a function/],
      ['export const invoke = () => ""; export const describe = () => "[]";', /with a JSON object/],
      ['export const invoke = () => ""; export const describe = () => "{";', /with a JSON object/],
      ['throw new Error("no");', /cannot be loaded: no/],
    ];
    for (const [source, message] of refused)
      await assert.rejects(buildContract({ entry: 'main.ts', files: { 'main.ts': source } }), (error: unknown) => {
        assert.ok(error instanceof BuildError);
        assert.match(error.message, message);
        return true;
      });
  });

  test('a mistake in the syntax is told with its place', async () => {
    const [problem] = await problemsOf('export const = 1;');
    assert.deepEqual([problem!.rule, problem!.file, problem!.line], ['build', 'src/main.ts', 2]);
  });

  test('texts with the word import are written so that the runner takes them', async () => {
    const { metadata } = await buildContract({
      entry: 'main.ts',
      files: { 'main.ts': 'export const invoke = () => ""; export const describe = () => JSON.stringify({ a: "import and export", b: `an import (of ${"import"})` });' },
    });
    assert.deepEqual(metadata, { a: 'import and export', b: 'an import (of import)' });
    const [problem] = await problemsOf('export const x = { import: 1 };');
    assert.match(problem!.message, /choose another name/);
  });
});

describe('what would not give every member the same result is refused', () => {
  const cases: readonly (readonly [rule: Problem['rule'], body: string, column: number])[] = [
    ['clock', 'export const f = () => Date.now();', 24],
    ['clock', 'export const f = () => new Date();', 28],
    ['clock', 'export const f = () => performance.now();', 24],
    ['clock', 'export const f = (g: () => void) => setTimeout(g, 1);', 37],
    ['randomness', 'export const f = () => Math.random();', 24],
    ['randomness', 'export const f = () => Math["random"]();', 24],
    ['randomness', 'export const f = () => crypto.randomUUID();', 24],
    ['randomness', 'export const f = (o: object) => new WeakRef(o);', 37],
    ['input-output', 'export const f = () => process.env;', 24],
    ['input-output', 'export const f = () => fetch("http://x");', 24],
    ['input-output', 'export const f = () => console.log(1);', 24],
    ['input-output', 'export const f = (name: string) => require(name);', 36],
    ['dynamic-code', 'export const f = () => eval("1");', 24],
    ['dynamic-code', 'export const f = () => new Function("return 1");', 28],
    ['dynamic-code', 'export const f = (name: string) => import(name);', 36],
    ['locale', 'export const f = () => Intl.NumberFormat;', 24],
    ['locale', 'export const f = (a: string) => a.localeCompare("b");', 33],
    ['locale', 'export const f = (a: bigint) => a.toLocaleString();', 33],
    ['locale', 'export const f = (a: string) => a.normalize();', 33],
    ['float', 'export const f = (a: number) => a * 1.5;', 37],
    ['float', 'export const f = (a: number) => a / 3;', 33],
    ['float', 'export const f = (a: number) => { a /= 10; return a; };', 35],
    ['float', 'export const f = (a: number) => 1 / (a + 1);', 33],
    ['float', 'export const f = (a: number) => Math.sqrt(a);', 33],
    ['float', 'export const f = (name: "abs") => Math[name](1);', 35],
    ['float', 'export const f = (a: string) => parseFloat(a);', 33],
    ['float', 'export const f = (a: number) => a.toFixed(2);', 33],
    ['module-state', 'let calls = 0; export const f = () => { calls += 1; return calls; };', 41],
    ['module-state', 'let calls = 0; export const f = () => calls++;', 39],
    ['module-state', 'const seen: string[] = []; export const f = (a: string) => seen.push(a);', 60],
    ['module-state', 'const seen = new Map(); export const f = () => { seen.set(1, 1); };', 50],
    ['module-state', 'const last: { at?: number } = {}; export const f = () => { last.at = 1; };', 60],
    ['module-state', 'const all = { seen: [1] }; export const f = (a: number) => all.seen.push(a);', 60],
    ['module-state', 'const all: { n?: number } = {}; export const f = () => delete all.n;', 56],
    ['module-state', 'const all = { n: 0 }; export const f = () => { [all.n] = [1]; };', 48],
    ['module-state', 'const all = { n: 0 }; export const f = () => { ({ n: all.n } = { n: 1 }); };', 49],
    ['module-state', 'const all = { n: 0 }; export const f = (a: number[]) => { for (all.n of a); };', 59],
    ['module-state', 'const all = { n: 0 }; export const f = () => Object.assign(all, { n: 1 });', 46],
    ['module-state', 'const next = (() => { let n = 0; return () => (n += 1); })(); export const f = () => next();', 48],
    ['module-state', 'export const f = () => globalThis;', 24],
    ['unknown-global', 'export const f = () => new Uint8Array(1);', 28],
    ['unknown-global', 'declare const window: unknown; export const f = () => window;', 55],
  ];
  for (const [rule, body, column] of cases) {
    test(`${rule}: ${body}`, async () => {
      const problems = await problemsOf(body);
      assert.deepEqual(
        problems.map((problem) => [problem.rule, problem.file, problem.line, problem.column]),
        [[rule, 'src/main.ts', 2, column]],
      );
    });
  }

  test('every problem is told at once', async () => {
    assert.equal((await problemsOf('export const f = () => [Date.now(), Math.random(), 0.1];')).length, 3);
  });

  test("the same names as locals, parameters and properties are nobody's business", async () => {
    assert.deepEqual(
      await problemsOf(`
      export const f = (Date: number, { process }: { process: string }) => { const crypto = { fetch: Date }; return [process, crypto.fetch]; };
      export function g() { let count = 0; const seen = new Set<number>(); seen.add(1); count += 1; return count; }
      export class Counter { #n = 0; next() { this.#n += 1; return this.#n; } }
      export const h = (n: number) => { outer: for (let i = 0; i < n; i += 1) { if (i > 2) break outer; } try { return 1; } catch (eval1) { return eval1; } };
      const table = [1, 2, 3]; table.reverse(); export const total = () => table.reduce((a, b) => a + b, 0);
      export const k = (a: bigint) => (a * 3n) / 2n + BigInt(Math.trunc(7 / 2));
      export const l = (a: number, b: bigint, c: bigint) => [Math.floor((a + 1) / 2), (a / 2) | 0, ~~(a / 2), (a / 2) >>> 0, b / c];
    `),
      [],
    );
  });
});
