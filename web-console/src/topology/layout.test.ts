import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut } from './layout.ts';
import type { Band, Lane } from './model.ts';

const lane = (member: string, nodes: number): Lane => ({
  member,
  title: member,
  mspId: `${member}MSP`,
  ready: true,
  nodes: Array.from({ length: nodes }, (_, index) => ({ member, name: `peer${index}`, role: 'peer', state: 'Healthy', version: null, lag: 0, expiresInDays: undefined, leads: [] })),
});
const band = (channel: string, rows: number): Band => ({
  channel,
  ready: true,
  height: 1,
  leader: null,
  cells: [{ member: 'a', takesPart: true, nodes: Array.from({ length: rows }, (_, index) => ({ name: `peer${index}`, role: 'peer', height: 1, lag: 0, leader: false })), contracts: [] }],
});

test('nothing overlaps: lanes, cards, bands', () => {
  const lanes = Array.from({ length: 20 }, (_, index) => lane(`m${index}`, index % 5));
  const placed = layOut(lanes, [band('one', 7), band('two', 0)]);
  assert.ok(placed.laneX(1) - placed.laneX(0) > 0);
  assert.ok(placed.laneX(19) < placed.width);
  const [one, two] = placed.bands;
  assert.ok(one && two);
  assert.ok(placed.cardY(3) < one.y, 'the fourth card of a lane stands above the first band');
  assert.ok(one.y + one.height < two.y);
  assert.ok(two.y + two.height < placed.height);
});

test('a consortium without channels or nodes has a place too', () => {
  const { width, height, bands } = layOut([lane('a', 0)], []);
  assert.ok(width > 0 && height > 0);
  assert.deepEqual(bands, []);
});
