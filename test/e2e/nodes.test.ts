import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import { signalProcess } from '@guildhall/local-cluster/process';
import { begin, consortium, create, nodeOf, running, smallConsortium, succeeded, type NodeView } from './support/consortium.ts';
import { createHome, type Guildhall, type Home } from './support/guildhall.ts';
import { podProcesses, type HomeProcess } from './support/processes.ts';
import { agreeOnTerms, issue, note } from './support/receivable.ts';
import { refusal } from './support/refusal.ts';
import { until } from './support/until.ts';

let home: Home;
let guildhall: Guildhall;
const name = 'growing';
const peer1 = { consortium: name, member: 'core', name: 'peer1' };
before(async () => {
  home = await createHome();
  guildhall = await home.start();
  await create(guildhall.api, smallConsortium(name, { orderers: 3 }));
  await agreeOnTerms(guildhall.api, name);
  await issue(guildhall.api, name, 'first');
});
after(() => home[Symbol.asyncDispose]());

interface LogLine {
  at: string | null;
  level: string | null;
  text: string;
}

const planOf = async (mutation: 'addNode' | 'removeNode' | 'changeNode' | 'restartNode', input: Record<string, unknown>): Promise<{ sentences: string[]; warnings: string[] }> => {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const answer = await guildhall.api.request<Record<string, { plan: { sentences: string[]; warnings: string[] }; operation: unknown }>>(
    `mutation($input: ${type}!) { ${mutation}(input: $input, dryRun: true) { plan { sentences warnings } operation { id } } }`,
    { input },
  );
  assert.equal(answer[mutation]?.operation, null);
  return answer[mutation]?.plan ?? assert.fail('there is no plan');
};
const add = async (input: Record<string, unknown> = {}): Promise<void> => void (await succeeded(guildhall.api, await begin(guildhall.api, 'addNode', { ...peer1, role: 'peer', ...input })));

const node = async (member: string, of: string): Promise<NodeView> => nodeOf(await consortium(guildhall.api, name), member, of);
const ask = async <T>(member: string, of: string, fields: string): Promise<T> => {
  const answer = await guildhall.api.request<{ consortium: { nodes: ({ member: string; name: string } & T)[] } }>(`query($name: String!) { consortium(name: $name) { nodes { member name ${fields} } } }`, { name });
  return answer.consortium.nodes.find((each) => each.member === member && each.name === of) ?? assert.fail(`there is no node ${member}/${of}`);
};
const logOf = async (args: string): Promise<LogLine[]> => (await ask<{ log: LogLine[] }>('core', 'peer1', `log(${args}) { at level text }`)).log;

function processOf({ endpoint }: NodeView): HomeProcess {
  const [found] = podProcesses(home.path).get(endpoint?.split(':')[0] ?? '') ?? [];
  return found ?? assert.fail(`no process at ${endpoint}`);
}

test('a peer that is added joins, catches up, and has the contract', async () => {
  const { sentences, warnings } = await planOf('addNode', { ...peer1, role: 'peer' });
  assert.match(sentences.join('\n'), /It joins channel trade and copies \d+ blocks; core then has 2 peers there/);
  assert.deepEqual(warnings, []);
  await add();
  const view = await running(guildhall.api, name);
  const [own, other] = [nodeOf(view, 'core', 'peer1'), nodeOf(view, 'core', 'peer0')];
  assert.deepEqual([own.channels[0]?.height, own.channels[0]?.lag], [other.channels[0]?.height, 0]);
  assert.equal((await refusal(begin(guildhall.api, 'addNode', { ...peer1, role: 'peer' }))).code, 'DUPLICATE');
  assert.equal((await refusal(begin(guildhall.api, 'addNode', { ...peer1, name: 'orderer3', role: 'orderer' }))).code, 'NOT_YET');
});

test('it endorses for its member while the other peer hangs', async () => {
  const hung = processOf(await node('core', 'peer0'));
  signalProcess(hung, 'SIGSTOP');
  try {
    const { endorsers } = await issue(guildhall.api, name, 'by-the-new-one');
    assert.ok(endorsers.includes('core'));
  } finally {
    signalProcess(hung, 'SIGCONT');
  }
  assert.equal((await note(guildhall.api, name, 'by-the-new-one')).state, 'ISSUED');
  await running(guildhall.api, name);
});

test('its log is read, searched and followed, over its end by force', async (t) => {
  const lines = await logOf('lines: 50');
  assert.equal(lines.length, 50);
  assert.ok(lines.every(({ at, level, text }) => at !== null && level !== null && !text.includes('\u001b')), JSON.stringify(lines));
  const times = lines.map(({ at }) => Date.parse(at ?? ''));
  // Fabric takes the time before it waits for its turn to write.
  assert.ok(times.every((at, index) => at > (times[index - 1] ?? 0) - 500), `the oldest first: ${times.join(' ')}`);
  const committed = await logOf('lines: 5, search: "committed block"');
  assert.ok(committed.length > 0 && committed.every(({ text }) => /Committed block/.test(text)));
  assert.deepEqual(await logOf('previous: true'), [], 'there was no process before');

  const { id, startedAt } = await ask<{ id: string; startedAt: string }>('core', 'peer1', 'id startedAt');
  const seen: LogLine[] = [];
  const leave = new AbortController();
  const following = (async () => {
    for await (const { nodeLog } of guildhall.api.subscribe<{ nodeLog: LogLine[] }>('subscription($id: ID!) { nodeLog(id: $id, lines: 10) { at level text } }', { id }, leave.signal)) seen.push(...nodeLog);
  })().catch((error: unknown) => leave.signal.aborted || Promise.reject(error));
  await until('the newest lines come first', () => seen.length >= 10);
  const { blockNumber } = await issue(guildhall.api, name, 'followed');
  await until('the commit is followed', () => seen.some(({ text }) => text.includes(`Committed block [${blockNumber}]`)));

  signalProcess(processOf(await node('core', 'peer1')), 'SIGKILL');
  await until('another process runs', async () => (await ask<{ startedAt: string | null; restarts: number }>('core', 'peer1', 'startedAt restarts')).restarts === 1);
  await running(guildhall.api, name);
  assert.notEqual((await ask<{ startedAt: string }>('core', 'peer1', 'startedAt')).startedAt, startedAt);
  await until('the next process is followed', () => seen.filter(({ text }) => /Starting peer/.test(text)).length > 0);
  const { blockNumber: later } = await issue(guildhall.api, name, 'recovered');
  await until('the commit after it is followed', () => seen.some(({ text }) => text.includes(`Committed block [${later}]`)));
  const stamped = seen.map((line) => JSON.stringify(line)).filter((line) => line.includes('Committed block'));
  assert.equal(new Set(stamped).size, stamped.length, 'no line comes twice');
  t.diagnostic(`${seen.length} lines followed`);
  leave.abort();
  await following;
  assert.ok((await logOf('previous: true, lines: 1000')).some(({ text }) => text.includes(`Committed block [${blockNumber}]`)), 'what the killed process wrote can still be read');

  const { consortium: view } = await guildhall.api.request<{ consortium: { contracts: { members: { name: string; log: LogLine[] }[] }[] } }>(
    'query($name: String!) { consortium(name: $name) { contracts { members { name log(lines: 5) { at level text } } } } }',
    { name },
  );
  for (const member of view.contracts[0]?.members ?? []) assert.ok(member.log.length > 0 && member.log.every(({ level }) => level !== null), member.name);
});

test('an orderer is restarted while transactions go on', async (t) => {
  const leader = (await running(guildhall.api, name)).channels[0]?.leader ?? assert.fail('nobody leads');
  const [member = '', orderer = ''] = leader.split('/');
  const { sentences } = await planOf('restartNode', { consortium: name, member, name: orderer });
  assert.match(sentences.join('\n'), /3 orderers, 2 needed: while it restarts, the loss of one more stops ordering\. It leads the channel/);
  const before = processOf(await node(member, orderer));
  const market = { open: true };
  const ids: string[] = [];
  const trading = (async () => {
    while (market.open) {
      const id = `traded-${ids.length}`;
      await issue(guildhall.api, name, id);
      ids.push(id);
    }
  })();
  await succeeded(guildhall.api, await begin(guildhall.api, 'restartNode', { consortium: name, member, name: orderer }));
  assert.notEqual(processOf(await node(member, orderer)).pid, before.pid, 'the operation ends with another process');
  market.open = false;
  await trading;
  t.diagnostic(`${ids.length} transactions meanwhile`);
  assert.ok(ids.length > 0);
  for (const id of ids) assert.equal((await note(guildhall.api, name, id)).state, 'ISSUED');
  await running(guildhall.api, name);
});

test('a node gets more memory and a larger volume with another process, and a larger volume alone without', async () => {
  const change = async (input: Record<string, unknown>): Promise<void> => void (await succeeded(guildhall.api, await begin(guildhall.api, 'changeNode', { ...peer1, ...input })));
  const before = processOf(await node('core', 'peer1'));
  assert.match((await planOf('changeNode', { ...peer1, memory: '1Gi', storage: '11Gi' })).sentences.join('\n'), /core\/peer1 gets 1Gi of memory instead of as much as there is\.\nThe volume of core\/peer1 grows from 10Gi to 11Gi/);
  await change({ memory: '1Gi', storage: '11Gi' });
  const changed = processOf(await node('core', 'peer1'));
  assert.notEqual(changed.pid, before.pid);
  await change({ storage: '12Gi' });
  assert.equal(processOf(await node('core', 'peer1')).pid, changed.pid);
  assert.deepEqual(await ask('core', 'peer1', 'memory storage'), { member: 'core', name: 'peer1', memory: '1Gi', storage: '12Gi' });
  assert.equal((await refusal(begin(guildhall.api, 'changeNode', { ...peer1, storage: '11Gi' }))).code, 'INVALID_INPUT');
  await issue(guildhall.api, name, 'after-the-change');
});

const publicKey = ({ certificates }: NodeView): string => {
  const { pem = '' } = certificates.find(({ use }) => use === 'identity') ?? {};
  return new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'pem' }).toString();
};

test('a peer that is removed leaves its data and comes back with it; once more, and nothing of it is left', async () => {
  const old = await node('core', 'peer1');
  const { sentences, warnings } = await planOf('removeNode', peer1);
  assert.match(sentences.join('\n'), /Its volume and keys stay/);
  assert.match(warnings.join('\n'), /while peer0 is down, core can neither endorse nor read there/);
  assert.equal((await refusal(begin(guildhall.api, 'removeNode', peer1))).code, 'CONFIRMATION_NEEDED');
  const victim = processOf(old);
  await succeeded(guildhall.api, await begin(guildhall.api, 'removeNode', { ...peer1, confirmName: 'peer1' }));
  assert.ok(![...podProcesses(home.path).values()].flat().some(({ pid }) => pid === victim.pid), 'its process has ended');
  const without = await running(guildhall.api, name);
  assert.deepEqual(without.nodes.filter(({ role }) => role === 'peer').map((each) => `${each.member}/${each.name}`).toSorted(), ['core/peer0', 'supplier/peer0']);
  await issue(guildhall.api, name, 'without-it');

  assert.match((await planOf('addNode', { ...peer1, role: 'peer' })).sentences[0] ?? '', /it comes back with its keys and its ledger/);
  await add();
  const back = await running(guildhall.api, name);
  assert.equal(publicKey(nodeOf(back, 'core', 'peer1')), publicKey(old));
  assert.equal(nodeOf(back, 'core', 'peer1').channels[0]?.lag, 0);

  await succeeded(guildhall.api, await begin(guildhall.api, 'removeNode', { ...peer1, confirmName: 'peer1', deleteData: true }));
  await add();
  assert.notEqual(publicKey(nodeOf(await running(guildhall.api, name), 'core', 'peer1')), publicKey(old), 'another peer of the same name');
  await issue(guildhall.api, name, 'with-another');
});

test('what a channel cannot do without is not removed', async () => {
  const refused = async (member: string, of: string): Promise<[string, string]> => {
    const { code, message } = await refusal(begin(guildhall.api, 'removeNode', { consortium: name, member, name: of, confirmName: of }));
    return [code, message];
  };
  assert.match((await refused('supplier', 'peer0')).join(' '), /^CONFLICT .*the only peer of supplier in channel trade/);
  assert.match((await refused('core', 'peer0')).join(' '), /^NOT_YET .*anchor peer of core/);
  assert.match((await refused('core', 'orderer0')).join(' '), /^NOT_YET .*consenter of trade/);
});

test('Ctrl-C ends everything', () => guildhall.stop());
