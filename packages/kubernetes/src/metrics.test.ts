import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetrics } from './metrics.ts';

describe('the metrics', () => {
  it('are all there at zero before anything happens, so that absence never looks like health', async () => {
    const metrics = createMetrics();
    metrics.informer('Pod', { secondsSinceActivity: () => 0, hasSynced: () => false });
    metrics.queue('nodes', () => 0);
    metrics.controller('nodes', 4);
    metrics.leader('guildhall/operator');
    metrics.events('guildhall-operator');
    const text = await metrics.text();
    const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const notZero = series.filter((line) => !line.endsWith(' 0'));
    assert.deepEqual(notZero, ['guildhall_workers_max{controller="nodes"} 4']);
    for (const name of [
      'informer_synced{kind="Pod"}', 'informer_seconds_since_activity{kind="Pod"}', 'informer_watch_restarts_total{kind="Pod",reason="expired"}',
      'queue_depth{queue="nodes"}', 'queue_adds_total{queue="nodes"}', 'queue_retries_total{queue="nodes"}', 'queue_wait_seconds_count{queue="nodes"}',
      'reconcile_total{controller="nodes",result="success"}', 'reconcile_total{controller="nodes",result="error"}',
      'reconcile_total{controller="nodes",result="requeue_after"}', 'reconcile_errors_total{controller="nodes"}',
      'reconcile_terminal_errors_total{controller="nodes"}', 'reconcile_panics_total{controller="nodes"}', 'reconcile_timeouts_total{controller="nodes"}',
      'reconcile_duration_seconds_count{controller="nodes"}', 'workers_active{controller="nodes"}', 'leader{lease="guildhall/operator"}',
      'events_dropped_total{component="guildhall-operator"}',
    ]) assert.ok(series.some((line) => line.startsWith(`guildhall_${name} `)), name);
  });

  it("tell the API's latency by verb, kind and outcome, and count its refusals to be hurried", async () => {
    const metrics = createMetrics();
    metrics.onCall({ verb: 'apply', kind: 'Node', status: '200', seconds: 0.004 });
    metrics.onCall({ verb: 'apply', kind: 'Node', status: '429', seconds: 0.001 });
    metrics.onCall({ verb: 'list', kind: 'Pod', status: 'Unreachable', seconds: 0.001 });
    const text = await metrics.text();
    assert.match(text, /guildhall_api_request_duration_seconds_bucket\{le="0.005",verb="apply",kind="Node",status="200"\} 1/);
    assert.match(text, /guildhall_api_throttled_total\{verb="apply",kind="Node"\} 1/);
    assert.match(text, /guildhall_api_throttled_total\{verb="list",kind="Pod"\} 0/);
    assert.match(text, /status="Unreachable"/);
  });

  it('ask gauges when they are read', async () => {
    const metrics = createMetrics({ prefix: 'test_' });
    let depth = 3;
    metrics.queue('nodes', () => depth);
    assert.match(await metrics.text(), /^test_queue_depth\{queue="nodes"\} 3$/m);
    depth = 0;
    assert.match(await metrics.text(), /^test_queue_depth\{queue="nodes"\} 0$/m);
  });
});
