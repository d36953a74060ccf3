import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLibraries, readOwners } from './debian.ts';

test('owners are read as dpkg tells them; what it does not know and what was diverted is not among them', () => {
  const owners = readOwners(['libc6:amd64: /lib/x86_64-linux-gnu/libc.so.6', 'dash: /bin/dash', 'diversion by dash from: /bin/sh', 'apt, dpkg: /etc/shared', ''].join('\n'));
  assert.deepEqual([...owners], [['/lib/x86_64-linux-gnu/libc.so.6', 'libc6:amd64'], ['/bin/dash', 'dash']]);
});

test('libraries are read as ldd tells them, the loader too and what the kernel brings not', () => {
  const output = ['\tlinux-vdso.so.1 (0x00007ffc)', '\tlibstdc++.so.6 => /lib/x86_64-linux-gnu/libstdc++.so.6 (0x00007f)', '\t/lib64/ld-linux-x86-64.so.2 (0x00007f)'].join('\n');
  assert.deepEqual(readLibraries('/bin/program', output), ['/lib/x86_64-linux-gnu/libstdc++.so.6', '/lib64/ld-linux-x86-64.so.2']);
  assert.deepEqual(readLibraries('/bin/program', '\tnot a dynamic executable\n'), []);
});

test('a library that is missing is told by its name', () => {
  assert.throws(() => readLibraries('/bin/program', '\tlibodd.so.1 => not found\n'), /\/bin\/program needs libodd\.so\.1, which this machine lacks/);
});
