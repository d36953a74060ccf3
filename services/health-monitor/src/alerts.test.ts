import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { parse } from 'yaml';
import { counters, gauges } from './gauges.ts';

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: Record<string, string>;
}
const file = readFileSync(new URL('../../../charts/guildhall/files/alerts.yaml', import.meta.url), 'utf8');
const rules = (parse(file) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);

/** Of this process itself, and of the operator. */
const others = ['guildhall_monitor_current', 'guildhall_leader'];

test('alerts ask for metrics that there are, and name labels that these have', () => {
  const known: Readonly<Record<string, { labels: readonly string[] }>> = { ...gauges, ...counters };
  for (const { alert, expr, annotations } of rules) {
    const metrics = [...expr.matchAll(/\bguildhall_\w+/g)].map(([name]) => name);
    assert.ok(metrics.length > 0, alert);
    for (const name of metrics) assert.ok(others.includes(name) || name in known, `${alert}: ${name}`);
    const labels = new Set(metrics.flatMap((name) => known[name]?.labels ?? []));
    for (const [, label = ''] of Object.values(annotations).join('\n').matchAll(/\$labels\.(\w+)/g)) assert.ok(labels.has(label), `${alert}: ${label}`);
  }
});

test('each says what is wrong, why, and what to do', () => {
  for (const { alert, labels, annotations } of rules) {
    assert.deepEqual(Object.keys(annotations), ['summary', 'cause', 'action'], alert);
    assert.ok(['warning', 'critical'].includes(labels.severity), alert);
  }
});
