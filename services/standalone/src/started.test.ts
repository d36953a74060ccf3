import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endAll, endStarted, type Started } from './started.ts';

function parts(...wanted: { name: string; adopted?: boolean; fails?: boolean }[]): { all: Started[]; ended: string[] } {
  const ended: string[] = [];
  const all = wanted.map(({ name, adopted = false, fails = false }) => ({
    name,
    adopted,
    end: () => {
      ended.push(name);
      return fails ? Promise.reject(new Error(`${name} does not end`)) : Promise.resolve();
    },
  }));
  return { all, ended };
}

test('what was started last ends first', async () => {
  const { all, ended } = parts({ name: 'database' }, { name: 'cluster' }, { name: 'api' });
  const told: string[] = [];
  await endAll(all, (name) => told.push(name));
  assert.deepEqual(ended, ['api', 'cluster', 'database']);
  assert.deepEqual(told, ended);
});

test('one that does not end keeps nothing else running, and is told of', async () => {
  const { all, ended } = parts({ name: 'database' }, { name: 'cluster', fails: true }, { name: 'api' });
  await assert.rejects(endAll(all), /cluster does not end/);
  assert.deepEqual(ended, ['api', 'cluster', 'database']);
});

test('a start that fails leaves running what it found running', async () => {
  const { all, ended } = parts({ name: 'home' }, { name: 'database', adopted: true }, { name: 'cluster', adopted: true }, { name: 'api' });
  await endStarted(all);
  assert.deepEqual(ended, ['api', 'home']);
});
