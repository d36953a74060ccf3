import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMetrics } from './metrics.ts';

test('samples are read with their labels; comments are passed over', () => {
  const samples = parseMetrics(
    [
      '# HELP ledger_blockchain_height Height of the chain in blocks.',
      '# TYPE ledger_blockchain_height gauge',
      'ledger_blockchain_height{channel="trade"} 12',
      'consensus_etcdraft_is_leader{channel="trade",} 1',
      'go_gc_duration_seconds{quantile="0.5"} 4.2e-05',
      'bucket{le="+Inf"} +Inf 1700000000000',
      'up 1',
      '',
    ].join('\n'),
  );
  assert.deepEqual(samples, [
    { name: 'ledger_blockchain_height', labels: { channel: 'trade' }, value: 12 },
    { name: 'consensus_etcdraft_is_leader', labels: { channel: 'trade' }, value: 1 },
    { name: 'go_gc_duration_seconds', labels: { quantile: '0.5' }, value: 0.000042 },
    { name: 'bucket', labels: { le: '+Inf' }, value: Infinity },
    { name: 'up', labels: {}, value: 1 },
  ]);
});

test('only what is wanted is read', () => {
  const text = ['up 1', 'upper 2', 'ledger_blockchain_height{channel="up"} 3', '# up 4'].join('\n');
  assert.deepEqual(
    parseMetrics(text, new Set(['up', 'ledger_blockchain_height'])).map(({ name, value }) => [name, value]),
    [['up', 1], ['ledger_blockchain_height', 3]],
  );
});

test('quotes, braces and line ends inside a label are kept', () => {
  assert.deepEqual(parseMetrics('m{a="x \\"y\\" } \\\\ z\\n",b="2"} 3')[0]?.labels, { a: 'x "y" } \\ z\n', b: '2' });
});
