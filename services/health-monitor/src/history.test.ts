import assert from 'node:assert/strict';
import test from 'node:test';
import { createHistory, type History } from './history.ts';
import { channel, node, ready, stalled } from './testing.ts';

const leaderChanges = (history: History): number[] => history.samples('guildhall_channel_leader_changes_total').map(({ value }) => value);
const led = (leader?: string) => channel({ conditions: ready, ...(leader === undefined ? {} : { leader }) });

test('another leader counts, also after a while without one; the same one again does not', () => {
  const history = createHistory();
  for (const leader of [undefined, 'o/a', 'o/a', undefined, 'o/a']) history.saw('channels', led(leader));
  assert.deepEqual(leaderChanges(history), [0]);
  for (const leader of ['o/b', undefined, 'o/c']) history.saw('channels', led(leader));
  assert.deepEqual(leaderChanges(history), [2]);
});

test('a condition counts when it begins and when it ends, from the first sight on', () => {
  const history = createHistory();
  const peer = (conditions: typeof ready) => node('bank', 'peer0', 'peer', 'Healthy', { conditions });
  const counted = () => Object.fromEntries(history.samples('guildhall_condition_transitions_total').map(({ labels, value }) => [labels['type'], value]));
  history.saw('nodes', peer(stalled));
  assert.deepEqual(counted(), { Ready: 0, Stalled: 0, Degraded: 0 });
  for (const conditions of [ready, ready, stalled, ready]) history.saw('nodes', peer(conditions));
  assert.deepEqual(counted(), { Ready: 3, Stalled: 3, Degraded: 0 });
});

test('what is deleted leaves no series, and another of its name begins at zero', () => {
  const history = createHistory();
  history.saw('channels', led('o/a'));
  history.saw('channels', led('o/b'));
  history.forget(led());
  assert.deepEqual(leaderChanges(history), []);
  history.saw('channels', led('o/c'));
  assert.deepEqual(leaderChanges(history), [0]);
});
