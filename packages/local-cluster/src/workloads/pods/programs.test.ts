import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { commandLine, programOf, rawCommand, searchPathOf } from './programs.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-programs-'));
  for (const name of ['peer', 'orderer', 'notes.txt']) writeFileSync(join(folder, name), '');
  for (const name of ['peer', 'orderer']) chmodSync(join(folder, name), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

const container = { name: 'main', image: 'fabric' };

test('command and arguments of a container replace those of the program as they do those of an image', () => {
  const program = { command: ['/peer', 'node'], args: ['start'] };
  assert.deepEqual(rawCommand(container, program), ['/peer', 'node', 'start']);
  assert.deepEqual(rawCommand({ ...container, args: ['status'] }, program), ['/peer', 'node', 'status']);
  assert.deepEqual(rawCommand({ ...container, command: ['orderer'] }, program), ['orderer']);
  assert.deepEqual(rawCommand({ ...container, command: ['orderer'], args: ['version'] }, program), ['orderer', 'version']);
});

test('a command without a path is found beside the program of the image, or in PATH', () => {
  const path = searchPathOf({ command: [join(folder, 'peer'), 'node', 'start'] }, '/usr/bin:/bin');
  assert.deepEqual(commandLine(['orderer'], path, 'fabric'), [join(folder, 'orderer')]);
  assert.deepEqual(commandLine(['sh', '-c', 'true'], path, 'fabric').slice(1), ['-c', 'true']);
  assert.equal(searchPathOf({ command: ['peer'], path: ['/first'] }, '/bin'), '/first:/bin');
});

test('what is missing is said with what to do', () => {
  const refused = (message: RegExp) => ({ name: 'NotStartableError', reason: 'ErrImagePull', message });
  assert.throws(() => programOf(container, () => undefined), refused(/no program stands for the image fabric: name one under "programs"/));
  assert.throws(() => commandLine(['osnadmin'], folder, 'fabric'), refused(/the program osnadmin of the image fabric is not in .*: install it/));
  assert.throws(() => commandLine([join(folder, 'notes.txt')], '', 'fabric'), refused(/notes.txt of the image fabric is not there: install it/));
});
