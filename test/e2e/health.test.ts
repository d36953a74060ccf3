import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import { create, nodeOf, running, smallConsortium, type ConsortiumView, type NodeView } from './support/consortium.ts';
import { createHome, type Guildhall, type Home } from './support/guildhall.ts';
import { signalProcess } from '@guildhall/local-cluster/process';
import { podProcesses, type HomeProcess } from './support/processes.ts';
import { agreeOnTerms, issue, note } from './support/receivable.ts';
import { watchConsortium, type Watch } from './support/watch.ts';
import { until } from './support/until.ts';

let home: Home;
let guildhall: Guildhall;
let watch: Watch;
const name = 'watched';
before(async () => {
  home = await createHome();
  guildhall = await home.start();
  const { id } = await create(guildhall.api, smallConsortium(name, { orderers: 3 }));
  await agreeOnTerms(guildhall.api, name);
  await running(guildhall.api, name);
  watch = await watchConsortium(guildhall.api, id);
});
after(() => home[Symbol.asyncDispose]());

/** How late each thing may be seen. The first figures are what is promised; a loaded machine gets three times and twice as much. */
const end = { promisedMs: 1000, boundMs: 3000 };
const hang = { promisedMs: 5000, boundMs: 10_000 };

function processOf({ endpoint }: NodeView): HomeProcess {
  const [found, ...more] = podProcesses(home.path).get(endpoint?.split(':')[0] ?? '') ?? [];
  assert.ok(found !== undefined && more.length === 0, `one process at ${endpoint}`);
  return found;
}

const allReady = (view: ConsortiumView): boolean => [view, ...view.nodes, ...view.channels, ...view.contracts].every(({ ready }) => ready);

/** Does something to a node's process and measures when the subscription shows it, and when all is well again. */
async function afflict(t: TestContext, node: NodeView, signal: 'SIGKILL' | 'SIGSTOP', { promisedMs, boundMs }: typeof end): Promise<ConsortiumView> {
  const victim = processOf(node);
  const began = performance.now();
  signalProcess(victim, signal);
  // A process that is back before anybody could be told is known by its count of restarts.
  const isBack = (view: ConsortiumView): boolean => nodeOf(view, node.member, node.name).restarts > node.restarts;
  const ill = await watch.first(`${node.name} is not ready`, began, (view) => !nodeOf(view, node.member, node.name).ready || isBack(view));
  t.diagnostic(`${(ill.at - began).toFixed(0)} ms until the subscription shows ${node.member}/${node.name} ${nodeOf(ill.view, node.member, node.name).health?.state} (promised ${promisedMs} ms)`);
  assert.ok(ill.at - began < boundMs, 'seen too late');
  const why = ({ conditions }: ConsortiumView): string => conditions.find(({ type, status }) => type === 'Ready' && status === 'False')?.message ?? '';
  const whole = await watch.first('the consortium is not ready because of the node', began, (view) => why(view).includes(node.name) || (isBack(view) && allReady(view)));
  t.diagnostic(`${(whole.at - began).toFixed(0)} ms until it shows the consortium not ready: ${why(whole.view) || 'it was ready again before'}`);
  assert.ok(whole.at - began < boundMs, 'seen too late');
  const well = await watch.first('all is well again', whole.at, allReady, 90_000);
  t.diagnostic(`${((well.at - began) / 1000).toFixed(2)} s until everything is ready again`);
  assert.notEqual(processOf(node).pid, victim.pid);
  return ill.view;
}

test('heights, lag and the leader are shown', async () => {
  const before = watch.last();
  await issue(guildhall.api, name, 'counted');
  const view = await until('all nodes are shown at the new height, with no lag', () => {
    const now = watch.last();
    const shown = now.nodes.map(({ channels: [channel] }) => channel);
    const [height] = shown.map((channel) => channel?.height ?? 0);
    return height! > (before.channels[0]?.height ?? 0) && shown.every((channel) => channel?.height === height && channel?.lag === 0) && now.channels[0]?.height === height && now;
  });
  const leaders = view.nodes.filter(({ channels: [channel] }) => channel?.leader === true);
  assert.equal(leaders.length, 1);
  assert.equal(view.channels[0]?.leader, `${leaders[0]?.member}/${leaders[0]?.name}`);
});

test('a killed peer is seen within a second, and comes back', async (t) => {
  const view = await afflict(t, nodeOf(watch.last(), 'supplier', 'peer0'), 'SIGKILL', end);
  const { health } = nodeOf(view, 'supplier', 'peer0');
  assert.match(health?.state ?? '', /^(Ended|Unreachable|Starting)$/, 'whichever is seen first: the end, that nobody answers, the new beginning');
  assert.notEqual(health?.message, '');
  assert.equal(nodeOf(watch.last(), 'supplier', 'peer0').restarts, 1);
  await issue(guildhall.api, name, 'after-peer');
});

test('a killed leader is seen within a second; another one takes over, and it comes back', async (t) => {
  const leader = watch.last().channels[0]?.leader ?? assert.fail('nobody leads');
  const [member = '', node = ''] = leader.split('/');
  const began = performance.now();
  const afflicted = afflict(t, nodeOf(watch.last(), member, node), 'SIGKILL', end);
  await issue(guildhall.api, name, 'without-leader');
  t.diagnostic(`${((performance.now() - began) / 1000).toFixed(2)} s until a transaction sent at once was committed`);
  await afflicted;
  assert.equal((await note(guildhall.api, name, 'without-leader')).state, 'ISSUED');
});

test('a peer that hangs is seen within five seconds, and is ended and started again', async (t) => {
  const view = await afflict(t, nodeOf(watch.last(), 'core', 'peer0'), 'SIGSTOP', hang);
  assert.equal(nodeOf(view, 'core', 'peer0').health?.state, 'Unreachable');
  await issue(guildhall.api, name, 'after-hang');
});

test('an orderer that hangs is seen within five seconds, and is ended and started again', async (t) => {
  const follower = watch.last().nodes.find(({ role, channels: [channel] }) => role === 'orderer' && channel?.leader !== true)!;
  await afflict(t, follower, 'SIGSTOP', hang);
});

test('Ctrl-C ends everything', async () => {
  await watch.stop();
  await guildhall.stop();
});
