import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '@guildhall/resources';
import { lacks } from './catching-up.ts';

type Status = NonNullable<Node['status']>;
const node = (channels: Status['channels'], conditions: Status['conditions'] = []): Node => ({ status: { channels, conditions } }) as unknown as Node;
const trade = (height: number, lag: number) => [{ name: 'trade', height, lag }];
const behind: Status['conditions'] = [{ type: 'Degraded', status: 'True', reason: 'BehindOthers', message: 'block 2 of 7', lastTransitionTime: '2026-01-01T00:00:00Z' }];

test('a peer has caught up when it shows each channel and lacks no block', () => {
  assert.match(lacks(undefined, ['trade'], 0) ?? '', /does not show channel trade yet/);
  assert.match(lacks(node(trade(7, 0)), ['trade', 'notes'], 60_000) ?? '', /does not show channel notes yet/);
  assert.equal(lacks(node(trade(2, 5), behind), ['trade'], 60_000), 'block 2 of 7');
  assert.match(lacks(node(trade(6, 1)), ['trade'], 0) ?? '', /block 6 of 7 on channel trade/);
  assert.equal(lacks(node(trade(7, 0)), ['trade'], 0), undefined);
  assert.equal(lacks(node([...trade(7, 0), { name: 'other', height: 1, lag: 9 }]), ['trade'], 0), undefined, 'of its channels only');
});

test('a channel that never rests does not keep it for ever', () => {
  assert.equal(lacks(node(trade(6, 1)), ['trade'], 5000), undefined);
});
