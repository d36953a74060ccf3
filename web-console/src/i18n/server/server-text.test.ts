import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Catalogue } from './entries.ts';
import { createServerText, type ServerText } from './server-text.ts';

const files = globSync('zh/*.json', { cwd: import.meta.dirname });
const chinese = createServerText(Object.assign({}, ...files.map((file) => JSON.parse(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')) as Catalogue)) as Catalogue);

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
    ['The process ended with exit code 1: boom. It is started again.', '进程已终止（退出码为 1：boom），正在重新启动。'],
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
    ['Peer peer0 of bank ends and is started again with its data; that takes some seconds.', 'bank 的对等节点 peer0 将终止并带着数据重新启动，需要数秒。'],
  ];
  for (const [english, expected] of texts) assert.equal(shown(chinese, english), expected);
});

test('what others say stays as they say it, and is told apart from what is known', () => {
  assert.equal(shown(chinese, 'failed to connect to all addresses; last error: connection refused and 3 blocks'), undefined);
  assert.equal(
    shown(chinese, 'The node at 10.0.0.1:7051 cannot be reached: 14 UNAVAILABLE: No connection established. Check that the node runs and that its address is right.'),
    '无法连接位于 10.0.0.1:7051 的节点：<14 UNAVAILABLE: No connection established>。请确认节点正在运行且地址正确。',
  );
});

test('a name is no word of the server: members may be called as things are', () => {
  assert.equal(shown(chinese, 'Waiting for the consent of peer, members.'), '正在等待 peer、members 的同意。');
  assert.equal(shown(chinese, 'There is no consortium channel.'), '没有联盟 channel。');
});

test('values are taken as they are, whatever they hold', () => {
  const read = createServerText({ 'There is no contract named {{name}}.': '没有合约 {{name}}。' });
  for (const name of ['{{name}}', '$&', '<b>', '\u202Eabc', '']) assert.equal(shown(read, `There is no contract named ${name}.`), `没有合约 ${name}。`);
});

test('a message that is made to be hard is left as far as it is not understood', () => {
  const long = 'Waiting for the consent of '.repeat(400);
  assert.equal(chinese(long), undefined, 'too long for a sentence');
  const nested = `Waiting for the consent of ${'a, and: b (c; Peer x and '.repeat(150)}.`;
  const parts = chinese(nested);
  assert.ok(parts === undefined || parts.map(({ text }) => text).join('').includes('a, and: b (c; Peer x and '));
});
