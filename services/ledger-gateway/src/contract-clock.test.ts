import { silentLogger } from '@guildhall/kubernetes';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moveClock, timekeepersOf } from './contract-clock.ts';
import type { ChannelView, MemberView } from './directory/channel-view.ts';
import { TransactionError } from './errors.ts';

const memberOf = (name: string, applicationRoles: readonly string[]): MemberView => ({
  name,
  namespace: '',
  mspId: `${name}MSP`,
  issuer: '',
  endorsing: true,
  applicationRoles,
  peers: [],
  endorsers: [],
});
const members = [
  memberOf('acme', ['admin']),
  memberOf('bank', ['timekeeper', 'admin']),
  memberOf('core', ['debtor']),
  memberOf('duty', ['admin']),
];
const view: ChannelView = {
  channel: 'trade',
  key: 'trade',
  members,
  orderers: [],
  unwell: new Set(),
  rule: { kind: 'outOf', n: 0, rules: [] },
};
const NOW = Date.parse('2026-01-01T12:00:00Z');

/** Readings of a contract whose quorum is two: the older of the two latest is the time. */
function contract({ timekeepers = ['acmeMSP', 'bankMSP', 'coreMSP', 'dutyMSP'], refuses = [] as readonly string[] } = {}) {
  const readings: number[] = [];
  const ticked: string[] = [];
  return {
    ticked,
    ports: {
      now: () => NOW,
      logger: silentLogger,
      readConfig: () => Promise.resolve(JSON.stringify({ config: { clock: { timekeepers, quorum: 2, skewSec: 300 } } })),
      tick: (member: string, role: string) => {
        ticked.push(`${member} as ${role}`);
        if (refuses.includes(member)) return Promise.reject(new TransactionError('NOT_ENDORSED', 'down'));
        readings.push(NOW);
        return Promise.resolve(JSON.stringify({ time: readings.length < 2 ? '2026-01-01T11:00:00.000Z' : new Date(NOW).toISOString() }));
      },
    },
  };
}

test('readings are given until the agreed time is near, and no more', async () => {
  const { ticked, ports } = contract();
  assert.equal(await moveClock(view, ports), '2026-01-01T12:00:00.000Z');
  assert.deepEqual(ticked, ['acme as admin', 'bank as timekeeper']);
});

test('a timekeeper that cannot give its reading is passed over', async () => {
  const { ticked, ports } = contract({ refuses: ['bank'] });
  assert.equal(await moveClock(view, ports), '2026-01-01T12:00:00.000Z');
  assert.deepEqual(ticked, ['acme as admin', 'bank as timekeeper', 'duty as admin']);
});

test('without timekeepers among the members that are acted for there is no time', async () => {
  assert.equal(await moveClock(view, contract({ timekeepers: ['coreMSP', 'elsewhereMSP'] }).ports), undefined);
});

test('a contract without a clock of this kind has no time', async () => {
  for (const config of ['', '42', '{}', '{"config":{"clock":{"timekeepers":7,"skewSec":1}}}']) {
    const { ports, ticked } = contract();
    assert.equal(await moveClock(view, { ...ports, readConfig: () => Promise.resolve(config) }), undefined);
    assert.deepEqual(ticked, []);
  }
});

test('members give readings in a role that they have', () => {
  assert.deepEqual(
    timekeepersOf(members, ['bankMSP', 'coreMSP']).map(({ member, role }) => [member.name, role]),
    [['bank', 'timekeeper']],
  );
});
