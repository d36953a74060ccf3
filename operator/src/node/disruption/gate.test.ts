import assert from 'node:assert/strict';
import test from 'node:test';
import { ledIn, obstacleIn, type Circle } from './gate.ts';

const orderers = (total: number, down: readonly string[] = []): Circle => ({
  of: 'trade', role: 'orderer', needed: Math.floor(total / 2) + 1, leads: false,
  others: Array.from({ length: total - 1 }, (_, index) => `core/orderer${index + 1}`).map((name) => ({ name, isUp: !down.includes(name) })),
});

test('an orderer may be down when the others are a quorum; otherwise the arithmetic is told', () => {
  assert.equal(obstacleIn([orderers(3)]), undefined);
  assert.equal(obstacleIn([orderers(5, ['core/orderer1'])]), undefined);
  assert.equal(obstacleIn([orderers(3, ['core/orderer1'])]), 'Channel trade has 3 orderers, 2 needed; these are not up, or only just: core/orderer1.');
  assert.match(obstacleIn([orderers(5, ['core/orderer1', 'core/orderer4'])]) ?? '', /5 orderers, 3 needed; .*: core\/orderer1, core\/orderer4\./);
});

test('each channel that it serves counts', () => {
  assert.match(obstacleIn([orderers(3), { ...orderers(3, ['core/orderer2']), of: 'letters' }]) ?? '', /^Channel letters/);
});

test('a channel that cannot spare any is not protected by waiting: all others are to be up, and that is all', () => {
  assert.equal(obstacleIn([orderers(1)]), undefined);
  assert.equal(obstacleIn([orderers(2)]), undefined);
  assert.match(obstacleIn([orderers(2, ['core/orderer1'])]) ?? '', /core\/orderer1/);
});

test('one of a member’s peers at once', () => {
  const peers = (...down: boolean[]): Circle => ({ of: 'acme', role: 'peer', needed: down.length, leads: false, others: down.map((isDown, index) => ({ name: `peer${index + 1}`, isUp: !isDown })) });
  assert.equal(obstacleIn([peers()]), undefined);
  assert.equal(obstacleIn([peers(false, false)]), undefined);
  assert.match(obstacleIn([peers(false, true)]) ?? '', /Member acme has 3 peers, of which one at a time may be down; .*: peer2\./);
});

test('a leader has others to let go first, unless it orders alone', () => {
  assert.equal(ledIn([orderers(3), { ...orderers(3), of: 'letters', leads: true }]), 'letters');
  assert.equal(ledIn([{ ...orderers(1), leads: true }]), undefined);
});
