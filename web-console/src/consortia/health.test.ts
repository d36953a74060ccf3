import assert from 'node:assert/strict';
import { test } from 'node:test';
import { healthOf, type ConsortiumParts } from './health.ts';

const node = (ready: boolean, state: string | null) => ({ ready, health: state === null ? null : { state } });
const well: ConsortiumParts = { state: 'live', ready: true, nodes: [node(true, 'Healthy'), node(true, 'Healthy')], channels: [{ ready: true }], contracts: [] };

test('what is worst is said, in one sentence', () => {
  const said = (parts: Partial<ConsortiumParts>): string => {
    const { tone, sentence, count, all } = healthOf({ ...well, ...parts });
    return `${tone} ${sentence} ${count}/${all}`;
  };
  assert.equal(said({}), 'good good 2/2');
  assert.equal(said({ nodes: [node(false, 'Unreachable'), node(true, 'Healthy')], channels: [{ ready: false }] }), 'bad nodes 1/2');
  assert.equal(said({ ready: false, nodes: [node(false, 'Starting'), node(true, 'Healthy')] }), 'busy settingUp 1/2');
  assert.equal(said({ ready: false, nodes: [] }), 'busy settingUp 0/0');
  assert.equal(said({ channels: [{ ready: false }, { ready: true }] }), 'warn channels 1/2');
  assert.equal(said({ contracts: [{ ready: false }] }), 'warn contracts 1/1');
  assert.equal(said({ ready: false }), 'warn notReady 0/0');
  assert.equal(said({ state: 'deleting' }), 'busy deleting 0/0');
  assert.equal(said({ state: 'kept', nodes: [] }), 'idle kept 0/0');
});
