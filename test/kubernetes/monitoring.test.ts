import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { createApi } from '../e2e/support/api.ts';
import { create, running, smallConsortium } from '../e2e/support/consortium.ts';
import { until } from '../e2e/support/until.ts';
import type { Cluster } from '../support/kubernetes/cluster.ts';
import { bin, skip, useTestCluster } from './node-under-test.ts';
import { forward } from './support/forward.ts';
import { adminToken, helm, install, loadImages, namespace } from './support/installation.ts';

/** Prometheus's own tool: what it says, and how it ended. */
function promtool(folder: string, args: readonly string[], input = ''): { status: number | null; said: string } {
  const { status, stdout, stderr, error } = spawnSync(join(bin, 'promtool'), args, { cwd: folder, encoding: 'utf8', input });
  return { status, said: `${error?.message ?? ''}${stderr}${stdout}` };
}

describe('the health monitor', { skip }, () => {
  let node: Cluster;
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-monitoring-'));
  before(async () => {
    node = await useTestCluster();
    loadImages(node);
    install(node);
  });
  after(async () => {
    await node?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** As Prometheus reads it. */
  const scrape = (): string => {
    const pod = node.kubectl('--namespace', namespace, 'get', 'pods', '--selector', 'app.kubernetes.io/component=monitor', '--output', 'jsonpath={.items[*].metadata.name}');
    return node.kubectl('get', '--raw', `/api/v1/namespaces/${namespace}/pods/http:${pod}:8080/proxy/metrics`);
  };
  const says = (line: string): Promise<unknown> => until(`the monitor says ${line}`, () => scrape().split('\n').includes(line));

  test('the chart has a PrometheusRule when it is asked for one, and Prometheus takes its alerts and tells of them when it should', () => {
    const template = ['template', 'guildhall', 'charts/guildhall', '--kube-version', '1.34.0'];
    assert.doesNotMatch(helm(node, ...template), /PrometheusRule/);
    const shown = helm(node, ...template, '--show-only', 'templates/prometheus-rule.yaml', '--set', 'monitoring.rules.enabled=true', '--set', 'monitoring.rules.labels.release=prometheus');
    const { kind, metadata, spec } = parse(shown) as { kind: string; metadata: { labels: Record<string, string> }; spec: object };
    assert.deepEqual([kind, metadata.labels['release']], ['PrometheusRule', 'prometheus']);
    writeFileSync(join(folder, 'rules.yaml'), JSON.stringify(spec));
    copyFileSync(new URL('monitoring/alerts.yaml', import.meta.url), join(folder, 'alerts.yaml'));
    for (const args of [['check', 'rules', '--lint=all', '--lint-fatal', 'rules.yaml'], ['test', 'rules', 'alerts.yaml']]) {
      const { status, said } = promtool(folder, args);
      assert.equal(status, 0, said);
    }
  });

  test('a consortium that comes up shows, in metrics that Prometheus finds nothing wrong with', async () => {
    const way = await forward(node, namespace, 'guildhall-control-plane', 4000);
    const api = createApi(way.url, adminToken(node));
    await create(api, smallConsortium('harbour'));
    await running(api, 'harbour');
    way.stop();
    for (const [member, name, role] of [['core', 'orderer0', 'orderer'], ['core', 'peer0', 'peer'], ['supplier', 'peer0', 'peer']] as const)
      await says(`guildhall_node_health{consortium="harbour",member="${member}",node="${name}",role="${role}",state="Healthy"} 1`);
    for (const [metric, value] of Object.entries({ has_leader: 1, orderers: 1, orderers_healthy: 1, orderers_quorum: 1 })) await says(`guildhall_channel_${metric}{consortium="harbour",channel="trade"} ${value}`);
    await says('guildhall_condition{kind="Contract",consortium="harbour",member="",name="receivable",type="Ready",reason="Ready"} 1');
    await says('guildhall_monitor_current 1');
    const text = scrape();
    assert.match(text, /^guildhall_certificate_expiry_timestamp_seconds\{consortium="harbour",member="core",node="orderer0",use="tls"\} 1\d{9}$/m);
    assert.match(text, /^guildhall_certificate_expiry_timestamp_seconds\{consortium="harbour",member="supplier",node="",use="admin"\} 1\d{9}$/m);
    const { status, said } = promtool(folder, ['check', 'metrics'], text);
    assert.equal(status, 0, said);
  });

  test("a peer's process that is killed shows, and so does its return", async () => {
    // As a crash ends it: Go's runtime ends a process that gets SIGQUIT, with code 2.
    node.kubectl('--namespace', 'gh-harbour--supplier', 'exec', 'peer0-0', '--', 'sh', '-c', 'kill -QUIT 1');
    const ofPeer = 'consortium="harbour",member="supplier",node="peer0"';
    await says(`guildhall_node_health{${ofPeer},role="peer",state="Healthy"} 0`);
    await says(`guildhall_node_restarts{${ofPeer}} 1`);
    await says(`guildhall_node_health{${ofPeer},role="peer",state="Healthy"} 1`);
    assert.match(scrape(), /^guildhall_condition_transitions_total\{kind="Node",consortium="harbour",member="supplier",name="peer0",type="Ready"\} [1-9]/m);
  });

  test('it may read no more than it shows, and write nothing', () => {
    const may = (...what: string[]): string => spawnSync(join(bin, 'kubectl'), ['--kubeconfig', node.kubeconfig, 'auth', 'can-i', ...what, '--as', `system:serviceaccount:${namespace}:guildhall-monitor`, '--all-namespaces'], { encoding: 'utf8' }).stdout.trim();
    assert.equal(may('list', 'nodes.guildhall.dev'), 'yes');
    for (const what of [['list', 'secrets'], ['list', 'pods'], ['get', 'configmaps'], ['patch', 'nodes.guildhall.dev'], ['patch', 'nodes.guildhall.dev/status'], ['list', 'signingrequests.guildhall.dev']]) assert.equal(may(...what), 'no', what.join(' '));
  });
});
