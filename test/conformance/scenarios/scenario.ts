import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { apiVersionOf, ApiError, type KubernetesClient, type KubernetesObject, type ResourceType, type WatchEvent } from '@guildhall/kubernetes';
import type { ClusterUnderTest, Parsed } from '../cluster-under-test.ts';

/** To make the cluster forget what it was; to ask as somebody whom it does not know. */
export type Need = 'forgetting' | 'strangers';

/** One story that must go the same way on every cluster. */
export interface Scenario {
  name: string;
  run(cluster: ClusterUnderTest): Promise<void>;
  /** It disturbs others: it runs after them. */
  alone?: boolean;
  /** It plays the part of a kubelet, so it goes only where there is none. */
  isKubelet?: boolean;
  /** What not every cluster offers. */
  needs?: Need;
}
export const scenario = (name: string, run: Scenario['run'], options: Pick<Scenario, 'alone' | 'isKubelet' | 'needs'> = {}): Scenario => ({ name, run, ...options });

/** Objects of all kinds as JSON; what the tests say about them is checked by the cluster. */
export type Thing = KubernetesObject & Record<string, Parsed>;
export const anyType = (type: ResourceType<KubernetesObject>): ResourceType<Thing> => ({ ...type });

/** For what controllers do in their own time on Kubernetes. */
export async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await holds())) {
    if (Date.now() > deadline) assert.fail(`not within 120 s: ${what}`);
    await delay(50);
  }
}

export const pathOf = (type: ResourceType<KubernetesObject>, namespace: string, name = ''): string =>
  `/${type.group === '' ? 'api' : 'apis'}/${apiVersionOf(type)}${type.namespaced ? `/namespaces/${namespace}` : ''}/${type.plural}${name && `/${name}`}`;

/** A matcher for assert.rejects. */
export const refusal = (status: number, reason: string, message?: RegExp, fields?: string[]) => (error: unknown): boolean => {
  assert.ok(error instanceof ApiError, String(error));
  assert.deepEqual({ status: error.status, reason: error.reason }, { status, reason }, error.message);
  if (message) assert.match(error.message, message);
  if (fields) assert.deepEqual([...new Set((error.details?.causes ?? []).map((cause) => cause.field ?? ''))].toSorted((a, b) => (a < b ? -1 : 1)), fields);
  return true;
};

/** Who owns what, as `manager operation subresource` → the paths it owns, `spec.members[name=a].mspId`. */
export function ownership(object: Thing): Record<string, string[]> {
  const paths = (fields: Record<string, Parsed>, prefix: string): string[] =>
    Object.entries(fields).flatMap(([key, value]) => {
      if (key === '.') return [prefix];
      const path = key.startsWith('f:') ? `${prefix}${prefix && '.'}${key.slice(2)}` : `${prefix}[${key.slice(2)}]`;
      return Object.keys(value).length === 0 ? [path] : paths(value, path);
    });
  return Object.fromEntries(
    (object.metadata as { managedFields?: Record<string, Parsed>[] }).managedFields!.map((entry) => [
      [entry['manager'], entry['operation'], entry['subresource']].filter(Boolean).join(' '),
      paths(entry['fieldsV1'], '').sort(),
    ]),
  );
}

/** Watches in the background; `seen` grows as events come. */
export function observe<T extends KubernetesObject>(client: KubernetesClient, type: ResourceType<T>, options: { namespace?: string; resourceVersion: string; labelSelector?: string; timeoutSeconds?: number }) {
  const stop = new AbortController();
  const seen: string[] = [];
  const events: WatchEvent<T>[] = [];
  const done = (async () => {
    for await (const event of client.watch(type, { timeoutSeconds: 60, ...options, allowWatchBookmarks: true, signal: stop.signal })) {
      events.push(event);
      if (event.type !== 'BOOKMARK') seen.push(`${event.type} ${event.object.metadata.name}`);
    }
  })().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return { seen, events, done, sees: (expected: string[]) => eventually(expected.join(', '), async () => seen.length >= expected.length).then(() => assert.deepEqual(seen, expected)), stop: async () => (stop.abort(), done) };
}

export const reader = (client: KubernetesClient, type: ResourceType<Thing>, namespace: string) => async (name: string): Promise<Thing | undefined> => client.get(type, { namespace, name });
