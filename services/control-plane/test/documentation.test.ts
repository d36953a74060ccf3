import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { errorCodes, type ContractCatalogue, type Ledger } from '../src/index.ts';
import { createScriptedLedger, idOf } from './scripted-ledger.ts';
import { startScriptedOperator } from './scripted-operator.ts';
import { catalogue, startWorld } from './world.ts';

const documentation = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8');

test('docs/api.md has every error code with its meaning', () => {
  for (const [code, meaning] of Object.entries(errorCodes)) assert.ok(documentation.includes(`| \`${code}\` | ${meaning} |`), code);
  const told = [...documentation.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
  assert.deepEqual(told, Object.keys(errorCodes));
});

describe('the examples of docs/api.md', () => {
  const ledger: Ledger = {
    submit: ({ requestId }) => Promise.resolve({ transactionId: 'tx', blockNumber: 1, validationCode: 'VALID', result: '{}', endorsers: [], requestId }),
    evaluate: ({ function: called }) => Promise.resolve(`{"called":"${called}"}`),
  };
  const { blocks } = createScriptedLedger([[{ id: idOf('issued'), contract: 'receivable', function: 'Issue', creator: 'AcmeMSP', event: 'RCV.Issue.v1', writes: { 'note-17': '{}' } }]]);
  const receivable: ContractCatalogue = {
    ...catalogue,
    templates: [{ id: 'receivable', title: 'Receivable', description: '', roles: [], versions: ['1.0.0', '2.0.0'].map((version) => ({ version, description: '' })) }],
  };

  test('work as they are written, one after the other', { timeout: 600_000 }, async () => {
    const world = await startWorld();
    const operator = startScriptedOperator(world.admin);
    const controlPlane = await world.start({ ledger, blocks, catalogue: receivable });
    const folder = await mkdtemp(join(tmpdir(), 'guildhall-examples-'));
    try {
      await mkdir(join(folder, '.guildhall'));
      await writeFile(join(folder, '.guildhall', 'admin-token'), `${await controlPlane.tokens.issueAdminToken()}\n`);
      const [, ownContract = ''] = /## Writing a contract of your own\n.*?```ts\n(.*?)```/s.exec(await readFile(new URL('../../../docs/contracts.md', import.meta.url), 'utf8')) ?? [];
      await writeFile(join(folder, 'main.ts'), ownContract);
      const blocks = [...documentation.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block);
      assert.ok(blocks.length >= 6);
      const script = `set -e\n${blocks.map((block) => `${block}\necho`).join('\n')}`.replaceAll('http://127.0.0.1:4000', controlPlane.url);
      const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: folder });
      assert.doesNotMatch(stdout, /"errors"/);
      for (const answered of ['"templates":[{"id":"receivable"', 'The volume of acme/peer0 grows from 10Gi to 20Gi', '2 members: acme (AcmeMSP), bank (BankMSP).', 'event: complete', '"state":"succeeded"', '"evaluateTransaction":"{', '"transactionId":"tx"', '"keyHistory":{"edges":[{"node":{"transactionId"', '"configHistory":{"edges":[{', '"contractEvents":{"checkpoint"', '"action":"consent","delegatedFor":"bank"', '"checkContract":{"ok":true', 'Each member is asked for its consent', '"approve":{"decision":{"state":"approved"}', 'Nobody can bring them back']) {
        assert.ok(stdout.includes(answered), `${answered}\n${stdout}`);
      }
    } finally {
      operator.stop();
      await controlPlane.stop();
      await world.stop();
      await rm(folder, { recursive: true });
    }
  });
});
