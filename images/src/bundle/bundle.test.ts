import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Part } from '../part.ts';
import { bundlePrograms } from './bundle.ts';

const sources = {
  'package.json': '{ "type": "module" }',
  'node_modules/greeting/package.json': '{ "name": "greeting", "version": "1.2.3", "license": "MIT", "main": "index.js" }',
  'node_modules/greeting/index.js': "const { EOL } = require('node:os'); module.exports = { greet: (name) => `hello ${name}` + EOL };",
  'node_modules/greeting/LICENSE': 'You may.',
  'node_modules/unused/package.json': '{ "name": "unused", "version": "1.0.0", "sideEffects": false }',
  'node_modules/unused/index.js': 'export const unused = 1;',
  'src/main.ts': `import { spawnSync } from 'node:child_process';
    import { fileURLToPath } from 'node:url';
    import { unused } from 'unused';
    const child: string = fileURLToPath(new URL('./child.ts', import.meta.url));
    const script = fileURLToPath(new URL('./script.sh', import.meta.url));
    for (const args of [[process.execPath, child], ['sh', script]]) process.stdout.write(spawnSync(args[0]!, args.slice(1), { encoding: 'utf8' }).stdout);`,
  'src/child.ts': "import greeting from 'greeting'; import { name } from './name.ts'; process.stdout.write(greeting.greet(name));",
  'src/name.ts': "export const name: string = 'child';",
  'src/script.sh': 'echo hello script',
};

describe('bundled programs', () => {
  let folder: string;
  before(() => void (folder = mkdtempSync(join(tmpdir(), 'guildhall-bundle-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const repository = (name: string, files: Readonly<Record<string, string>> = sources): string => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name, path)), { recursive: true });
      writeFileSync(join(folder, name, path), text);
    }
    return join(folder, name);
  };
  const textsOf = ({ files }: Part): Record<string, string> =>
    Object.fromEntries(files.flatMap(({ path, from }) => (typeof from === 'object' && 'text' in from ? [[path, from.text]] : [])));

  test('run without their sources, and start what lies beside them', async () => {
    const root = repository('run');
    const part = await bundlePrograms({ root, programs: { start: 'src/main.ts' } });
    const out = join(folder, 'out');
    mkdirSync(out);
    for (const [path, text] of Object.entries(textsOf(part))) writeFileSync(join(out, basename(path)), text);
    const script = part.files.find(({ path }) => path === '/app/script.sh')?.from;
    assert.deepEqual(script, { file: join(root, 'src/script.sh') });
    writeFileSync(join(out, 'script.sh'), sources['src/script.sh']);
    rmSync(root, { recursive: true });
    assert.equal(spawnSync(process.execPath, [join(out, 'start.mjs')], { encoding: 'utf8' }).stdout, 'hello child\nhello script\n');
  });

  test('are the same bytes wherever their sources lie', async () => {
    const parts = await Promise.all(['here', 'there/further/down'].map((name) => bundlePrograms({ root: repository(name), programs: { main: 'src/main.ts' } })));
    assert.deepEqual(Object.keys(textsOf(parts[0]!)).toSorted(), ['/app/child.mjs', '/app/main.mjs']);
    assert.deepEqual(textsOf(parts[0]!), textsOf(parts[1]!));
  });

  test('tell which packages are in them, with their licences, and of no other', async () => {
    const { components, files } = await bundlePrograms({ root: repository('packages'), programs: { main: 'src/main.ts' } });
    assert.deepEqual(components, [{ type: 'library', name: 'greeting', version: '1.2.3', purl: 'pkg:npm/greeting@1.2.3', license: 'MIT' }]);
    assert.ok(files.some(({ path }) => path === '/usr/share/licenses/greeting@1.2.3/LICENSE'));
  });

  test('of a source that is not there or imports what is not there are refused by its name', async () => {
    const root = repository('broken', { 'src/main.ts': "import 'nowhere';" });
    await assert.rejects(bundlePrograms({ root, programs: { main: 'src/main.ts' } }), /src\/main\.ts cannot be made into one file[\s\S]*nowhere/);
    await assert.rejects(bundlePrograms({ root, programs: { main: 'src/other.ts' } }), /src\/other\.ts/);
  });

  test('of one name are refused', async () => {
    const root = repository('names', {
      'src/main.ts': "import './deep/module.ts'; console.log(new URL('./work.ts', import.meta.url));",
      'src/deep/module.ts': "console.log(new URL('./work.ts', import.meta.url));",
      'src/work.ts': '',
      'src/deep/work.ts': '',
    });
    await assert.rejects(bundlePrograms({ root, programs: { main: 'src/main.ts' } }), /would both be work in the image/);
  });
});
