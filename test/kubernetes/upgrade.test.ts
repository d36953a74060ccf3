import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createApi, type Api } from '../e2e/support/api.ts';
import { create, running, smallConsortium } from '../e2e/support/consortium.ts';
import { agreeOnTerms, issue, note } from '../e2e/support/receivable.ts';
import { until } from '../e2e/support/until.ts';
import type { KubernetesNode } from '../support/kubernetes/node.ts';
import { skipWithoutNode, startTestNode } from './node-under-test.ts';
import { adminToken, helm, installComponents, installKinds, loadImages, namespace, openToOutside, values } from './support/installation.ts';
import { namespacesOf } from './support/inventory.ts';

const name = 'harbour';
const core = `gh-${name}--core`;

/** A chart as the release before had it (docs/testing.md). */
function previous(chart: string): string {
  const folder = join(import.meta.dirname, 'previous');
  const file = readdirSync(folder).find((found) => found.startsWith(`${chart}-`) && /^\d/.test(found.slice(chart.length + 1)));
  return join(folder, file ?? assert.fail(`there is no ${chart} in ${folder}`));
}

// There are no images of the release before here: its charts run today's.
describe('between the release before and this one', { skip: skipWithoutNode }, () => {
  let node: KubernetesNode;
  let api: Api;
  /** What may not be lost: what was promised to run on, and what a ledger cannot be had without. */
  let kept: string[];
  let transactions = 0;

  before(async () => {
    node = await startTestNode();
    loadImages(node);
  });
  after(() => node?.stop());

  const objects = (kinds: string): { kind: string; metadata: { name: string; namespace: string; uid: string; resourceVersion: string } }[] =>
    namespacesOf(node, name).flatMap((of) => JSON.parse(node.kubectl('--namespace', of, 'get', kinds, '--output', 'json')).items);
  const toKeep = (): string[] =>
    objects('persistentvolumeclaims,secrets,pods').filter(({ kind, metadata }) => kind !== 'Secret' || metadata.name.endsWith('-keys'))
      .map(({ kind, metadata }) => `${metadata.namespace} ${kind} ${metadata.name} ${metadata.uid}`).toSorted();

  /** All is Ready, a transaction is committed, the first one is still there, nothing was made anew, and nobody writes what is written. */
  async function isWell(): Promise<void> {
    await running(api, name);
    transactions += 1;
    await issue(api, name, `note-${transactions}`);
    for (const id of ['note-1', `note-${transactions}`]) assert.equal((await note(api, name, id)).state, 'ISSUED');
    assert.deepEqual(toKeep(), kept);
    const versions = (): string => objects('consortia,members,nodes.guildhall.dev,channels,channelmemberships,contracts,contractinstallations,certificaterequests,signingrequests,statefulsets,services,configmaps,secrets').map(({ kind, metadata }) => `${metadata.namespace} ${kind} ${metadata.name} ${metadata.resourceVersion}`).join('\n');
    await until('nothing is written for ten seconds', async () => {
      const before = versions();
      await delay(10_000);
      assert.equal(versions(), before);
      return true;
    }, 60_000);
  }
  const toldPod = (): string => node.kubectl('--namespace', core, 'get', 'node.guildhall.dev', 'peer0', '--output', 'jsonpath={.status.pod.name}');

  test('this release works on the kinds of the one before, and on one that lacks what the operator tells', async () => {
    installKinds(node, previous('guildhall-crds'));
    node.kubectl('patch', 'customresourcedefinition', 'nodes.guildhall.dev', '--type=json', '--patch', JSON.stringify([{ op: 'remove', path: '/spec/versions/0/schema/openAPIV3Schema/properties/status/properties/pod' }]));
    installComponents(node);
    api = createApi(openToOutside(node), adminToken(node));
    await create(api, smallConsortium(name));
    await agreeOnTerms(api, name);
    kept = toKeep();
    await isWell();
    assert.equal(toldPod(), '');
  });

  test('objects of the kinds before go on under the kinds of this release', async () => {
    installKinds(node);
    await isWell();
    await until('the operator tells what it could not before', async () => {
      transactions += 1;
      await issue(api, name, `note-${transactions}`); // a node's height is a reason to write its status
      return toldPod() !== '';
    }, 180_000, 10_000);
  });

  // What the chart before grants need not suffice for what runs here: it is not waited for.
  test('helm upgrade from the chart before loses nothing: ledgers run on, and keys and data are there', async () => {
    helm(node, 'upgrade', 'guildhall', previous('guildhall'), '--namespace', namespace, '--values', node.file(JSON.stringify(values)));
    assert.deepEqual(toKeep(), kept);
    installComponents(node);
    await isWell();
  });

  test('helm rollback, of the components and then of the kinds, loses nothing either', async () => {
    helm(node, 'rollback', 'guildhall', '--namespace', namespace);
    helm(node, 'rollback', 'guildhall-crds', '--namespace', namespace, '--wait');
    assert.deepEqual(toKeep(), kept);
    installComponents(node);
    await isWell();
  });
});
