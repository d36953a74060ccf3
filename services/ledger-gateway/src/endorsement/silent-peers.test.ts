import { createFakeClock } from '@guildhall/kubernetes/testing';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSilentPeers } from './silent-peers.ts';

test('a peer that did not answer comes last for a while; one that refused stays where it is', async () => {
  const clock = createFakeClock();
  const silent = createSilentPeers(clock);
  const peers = [{ address: 'a' }, { address: 'b' }, { address: 'c' }];
  silent.ended('a', 'DEADLINE_EXCEEDED');
  silent.ended('b', 'CONTRACT_REFUSED');
  assert.deepEqual([...silent.all()], ['a']);
  assert.deepEqual(
    silent.last(peers).map(({ address }) => address),
    ['b', 'c', 'a'],
  );
  await clock.advance(15_000);
  assert.deepEqual(silent.last(peers), peers);
});

test('a peer that answers again is back at once', () => {
  const silent = createSilentPeers(createFakeClock());
  for (const answer of [undefined, 'CONTRACT_REFUSED'] as const) {
    silent.ended('a', 'UNREACHABLE');
    silent.ended('a', answer);
    assert.equal(silent.all().size, 0);
  }
});

test('a call that its caller ended leaves the peer where it was', () => {
  const silent = createSilentPeers(createFakeClock());
  silent.ended('a', 'CANCELLED');
  assert.equal(silent.all().size, 0);
  silent.ended('a', 'DEADLINE_EXCEEDED');
  silent.ended('a', 'CANCELLED');
  assert.equal(silent.all().size, 1);
});
