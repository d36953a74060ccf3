import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContractKind, ContractOperation, Transition } from '../metadata.ts';
import { edgesOf, layOut, ranksOf } from './state-graph.ts';

const kind: ContractKind = { name: 'note', title: 'Note', states: ['ISSUED', 'HELD', 'LOCKED', 'SPENT'].map((name) => ({ name, title: name, final: name === 'SPENT' })) };
const operation = (name: string, transitions: Transition[], also: Transition[] = []): ContractOperation => ({
  name, title: name, description: '', type: 'write', args: {}, kind: 'note', by: [], transitions, also: also.length > 0 ? [{ kind: 'note', transitions: also }] : [],
});
const operations = [
  operation('Issue', [{ from: null, to: 'ISSUED' }]),
  operation('Confirm', [{ from: 'ISSUED', to: 'HELD' }]),
  operation('Split', [{ from: 'HELD', to: 'SPENT' }], [{ from: null, to: 'HELD' }]),
  operation('Offer', [{ from: 'HELD', to: 'LOCKED' }]),
  operation('Decline', [{ from: 'LOCKED', to: 'HELD' }]),
  operation('Withdraw', [{ from: 'LOCKED', to: 'HELD' }]),
  operation('Freeze', [{ from: 'HELD', to: 'HELD' }]),
];

test('operations that lead the same way share one edge', () => {
  assert.deepEqual(edgesOf(kind, operations).find(({ from, to }) => from === 'LOCKED' && to === 'HELD')?.operations, ['Decline', 'Withdraw']);
});

test('a state stands as far from the beginning as its shortest way, and a child not beside it', () => {
  assert.deepEqual(Object.fromEntries(ranksOf(kind, edgesOf(kind, operations))), { ISSUED: 1, HELD: 2, LOCKED: 3, SPENT: 3 });
});

test('a state that nothing leads to is drawn too', () => {
  const lonely = { ...kind, states: [...kind.states, { name: 'LOST', title: 'Lost', final: false }] };
  assert.ok(layOut(lonely, operations).states.some(({ name }) => name === 'LOST'));
});

test('boxes do not lie on each other, all is within the drawing, and what stays is told in the box', () => {
  const { states, width, height } = layOut(kind, operations);
  assert.equal(new Set(states.map(({ x, y }) => `${x} ${y}`)).size, states.length);
  for (const { x, y } of states) assert.ok(x > 0 && x < width && y > 0 && y < height);
  assert.deepEqual(states.find(({ name }) => name === 'HELD')?.staying, ['Freeze']);
});

test('a cycle without a beginning ends', () => {
  const turning = [operation('Turn', [{ from: 'HELD', to: 'LOCKED' }, { from: 'LOCKED', to: 'HELD' }])];
  assert.equal(layOut(kind, turning).states.length, 4);
});
