import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capacityProblems, schedulerDecides } from './capacity.ts';

const needed = { memoryMegabytes: 600, nodes: 5 };
const messages = async (memoryMegabytes: number, diskMegabytes: number): Promise<string[]> =>
  (await capacityProblems(() => Promise.resolve({ memoryMegabytes, diskMegabytes }), needed)).map(({ code, message, nextAction }) => `${code}: ${message}: ${nextAction}`);

test('a machine with just enough takes it', async () => {
  assert.deepEqual(await messages(600, 500), []);
});

test('too little memory and too little disk are each said in figures, with what to do', async () => {
  assert.deepEqual(await messages(599, 499), [
    'INSUFFICIENT_RESOURCES: it needs about 600 MB of memory, and 599 MB are free: end other programs, delete a consortium, or use fewer nodes',
    'INSUFFICIENT_RESOURCES: its nodes need about 500 MB of disk to begin with, and 499 MB are free: free some disk, or set GUILDHALL_HOME to a larger one',
  ]);
});

test('where nobody can tell, nothing is refused', async () => {
  assert.deepEqual(await capacityProblems(schedulerDecides, needed), []);
});
