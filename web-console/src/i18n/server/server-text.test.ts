import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Catalogue } from './entries.ts';
import { createServerText, type ServerText } from './server-text.ts';

const files = globSync('zh/*.json', { cwd: import.meta.dirname });
const catalogue = Object.assign({}, ...files.map((file) => JSON.parse(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')) as Catalogue)) as Catalogue;
const chinese = createServerText(catalogue);

/** What stays as the server said it, in angle brackets. */
const shown = (read: ServerText, message: string): string | undefined => read(message)?.map(({ text, known }) => (known ? text : `<${text}>`)).join('');

test('a sentence is found by what stands between its placeholders, and formed anew with their values', () => {
  const read = createServerText({ '{{up}} of {{all}} nodes of {{name}} are up.': '{{name}} 的 {{all}} 个节点中有 {{up}} 个在线。' });
  assert.equal(shown(read, '2 of 3 nodes of bank are up.'), 'bank 的 3 个节点中有 2 个在线。');
  assert.equal(read('2 of 3 nodes of bank are down.'), undefined);
});

test('of several patterns the one holds that explains most of the text', () => {
  const read = createServerText({ 'Waiting for the {{thing}}.': '等待 {{thing}}。', 'Waiting for the consent of {{names}}.': '等待 {{names}} 同意。' });
  assert.equal(shown(read, 'Waiting for the consent of core, supplier and bank.'), '等待 core、supplier、bank 同意。');
});

test('a message is several sentences, a place and what is wrong there, or a cause within a sentence', () => {
  const texts: [string, string][] = [
    [
      'Waiting for the approval of bank. It needs more than half of the members (by its own "Endorsement" policy).',
      '正在等待 bank 的批准。需要半数以上成员（依其自身的“Endorsement”策略）。',
    ],
    ['members[0].mspId: use letters, digits, "." and "-"; start with a letter', '<members[0].mspId>：请使用字母、数字、“.”和“-”，以字母开头'],
    ['The process ended with exit code 1: "boom". It is started again.', '进程已终止（退出码为 1：<"boom">），正在重新启动。'],
    ['2 peers and 1 orderer of harbour stop.', 'harbour 的 2 个对等节点和 1 个排序节点将停止。'],
    ['done: 18 resources in 4 namespaces', '完成：4 个命名空间中的 18 个资源'],
    ['failed: the database does not answer; check the id or the name', '失败：数据库没有响应；请检查标识或名称'],
    [
      '1 of 3 orderers is down (core/orderer0: it does not listen yet). Ordering goes on with 2; it needs 2, so no other may fail.',
      '3 个排序节点中有 1 个停止工作（core/orderer0：尚未开始监听）。排序以 2 个节点继续，至少需要 2 个，不能再有节点失效。',
    ],
    ['Running: 3 of 3 members, 6 of 6 nodes, 1 of 1 channels, 1 of 1 contracts ready.', '运行中：成员就绪 3/3、节点就绪 6/6、通道就绪 1/1、合约就绪 1/1。'],
    ['3 members: core (CoreMSP), supplier (SupplierMSP), bank (BankMSP).', '3 个成员：core (CoreMSP)、supplier (SupplierMSP)、bank (BankMSP)。'],
    ['Channel main: core, bank; 1 Raft orderer, which survives the loss of 0.', '通道 main：core、bank；1 个 Raft 排序节点，可承受失去 0 个。'],
    ['Channel main: a transaction needs any of: AMSP peer, BMSP peer, (all of: CMSP peer, DMSP admin).', '通道 main：交易需要以下任一：AMSP peer、BMSP peer、（以下全部：CMSP peer、DMSP admin）。'],
    ['name: core has a node "peer0" already', 'name：core 的节点“peer0”已存在'],
    ['name: core has a node "peer0" that is being removed', 'name：core 的节点“peer0”正在移除'],
    ['Peer peer0 of bank ends and is started again with its data; that takes some seconds.', 'bank 的对等节点 peer0 将终止并带着数据重新启动，需要数秒。'],
  ];
  for (const [english, expected] of texts) assert.equal(shown(chinese, english), expected);
});

test('what others say stays as they say it, and is told apart from what is known', () => {
  assert.equal(shown(chinese, 'failed to connect to all addresses; last error: connection refused and 3 blocks'), undefined);
  assert.equal(
    shown(chinese, 'The node at 10.0.0.1:7051 cannot be reached: "No connection established". Check that the node runs and that its address is right.'),
    '无法连接位于 10.0.0.1:7051 的节点：<"No connection established">。请确认节点正在运行且地址正确。',
  );
});

const forged = 'The transaction is on the ledger and took effect.';

test('what a member wrote is in quotation marks, and is never read as the server\'s', () => {
  const reason = JSON.stringify(`no); ${forged} "; waiting for core; ${forged}`);
  assert.equal(
    shown(chinese, `1 of 3 members have approved (core); bank rejected it: ${reason}; supplier rejected it: "peers, members and 3 peers"; it needs more than half of the members, which cannot be had any more`),
    `3 个成员中已有 1 个批准（core）；bank 已拒绝：<${reason}>；supplier 已拒绝：<"peers, members and 3 peers">；需要半数以上成员，已无法达到`,
  );
});

test('what a contract, a node or another program said is read up to the end of the message, whatever sentences it holds', () => {
  const texts: [string, string][] = [
    [`core, bank did not endorse: no. ${forged}`, `core、bank 没有背书：<no. ${forged}>`],
    [`failed: core did not endorse: no; ${forged} Ha`, `失败：core 没有背书：<no; ${forged} Ha>`],
    [`BankMSP (10.0.0.1:7051) refused: no; ${forged}`, `BankMSP (10.0.0.1:7051) 拒绝：<no; ${forged}>`],
    [`an attempt failed and is repeated: the cluster refused: no. ${forged}`, `一次尝试失败，正在重试：集群拒绝：<no. ${forged}>`],
    [`The orderers did not accept the transaction: ${forged}`, `排序节点没有接受交易：<${forged}>`],
    [`core did not endorse: "no". ${forged}`, `core 没有背书：<"no". ${forged}>`],
  ];
  for (const [english, expected] of texts) assert.equal(shown(chinese, english), expected);
});

test('a name is no word of the server: members may be called as things are', () => {
  assert.equal(shown(chinese, 'Waiting for the consent of peer, members.'), '正在等待 peer、members 的同意。');
  assert.equal(shown(chinese, 'There is no consortium channel.'), '没有联盟 channel。');
  assert.equal(shown(chinese, 'the certificate authority of member has not answered in 3 s'), 'member 的证书机构在 3 秒内没有响应');
  const read = createServerText({
    ...catalogue,
    'On {{memberName}} it stands here.': '在 {{memberName}} 上。',
    'Here stands a {{peerOrderer}} as well.': '此处也有{{peerOrderer}}。',
    'Here stands the {{peerTLS}} as well.': '此处也有{{peerTLS}}。',
  });
  for (const name of ['member', 'channel', 'peer']) {
    assert.equal(shown(createServerText({ ...catalogue, [`To {{${name}}} something is said.`]: `对 {{${name}}} 说。` }), `To ${name} something is said.`), `对 ${name} 说。`);
  }
  assert.equal(shown(read, 'On member it stands here.'), '在 member 上。');
  assert.equal(shown(read, 'Here stands a peer as well.'), '此处也有对等节点。');
  assert.equal(shown(read, 'Here stands the peer as well.'), '此处也有对等节点。');
});

test('values are taken as they are, whatever they hold', () => {
  const read = createServerText({ 'There is no contract named {{name}}.': '没有合约 {{name}}。' });
  for (const name of ['{{name}}', '$&', '<b>', '\u202Eabc', '']) assert.equal(shown(read, `There is no contract named ${name}.`), `没有合约 ${name}。`);
});

test('the work on a message has a bound, and one that takes more is left as it is', () => {
  const maxLookups = 2000;
  let lookups = 0;
  const read = createServerText(catalogue, { maxLookups, onLookups: (count) => { lookups = count; } });
  assert.equal(shown(read, 'failed: the database does not answer; check the id or the name'), '失败：数据库没有响应；请检查标识或名称');
  assert.ok(lookups > 0 && lookups <= maxLookups, `${lookups}`);
  // The bound counts every step, also in pieces, values and lists: what comes after it ends at once.
  const hard = ['Waiting for the consent of core, supplier and bank. '.repeat(20), `Waiting for the consent of ${'a, and: b (c; Peer x and '.repeat(150)}.`];
  for (const message of hard) {
    assert.equal(read(message), undefined);
    assert.ok(lookups > maxLookups && lookups < 2 * maxLookups, `${lookups}`);
  }
  lookups = 0;
  assert.equal(read('Waiting for the consent of '.repeat(400)), undefined, 'too long for a sentence');
  assert.equal(lookups, 0);
});
