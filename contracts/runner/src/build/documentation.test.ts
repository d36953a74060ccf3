import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Contract, JsonObject } from '@guildhall/contract-base';
import { createTestChannel, type Endorsement } from '@guildhall/contract-base/testing';
import { createRuntime } from '../realm/runtime.ts';
import { checkContract } from './check-contract.ts';

const documentation = await readFile(new URL('../../../../docs/contracts.md', import.meta.url), 'utf8');

test('the first contract of docs/contracts.md is built without a warning, and does what it says', async () => {
  const [, text = ''] = /## Writing a contract of your own\n.*?```ts\n(.*?)```/s.exec(documentation) ?? [];
  const { problems, built } = await checkContract({ entry: 'main.ts', files: { 'main.ts': text } });
  assert.deepEqual(problems, []);
  assert.ok(built);
  assert.equal(built.metadata['title'], 'Register of documents');
  const runtime = createRuntime(Buffer.from(built.artifact).toString('utf8'));
  try {
    const channel = createTestChannel('2030-01-01T00:00:00Z');
    const contract: Contract = {
      describe: () => '',
      invoke: async (request, ask) => {
        const answer = await runtime.call(request, async (operation, asked) => ask(operation as Parameters<typeof ask>[0], asked));
        return JSON.stringify(answer.ok ? { ...answer, writes: answer.writes.map(({ key, value = null }) => [key, value]) } : answer);
      },
    };
    const acme = { mspId: 'AcmeMSP', organizationalUnits: ['client'], roles: ['admin', 'registrar'] };
    const call = (operation: string, args: JsonObject, caller = acme): Promise<Endorsement> => channel.call(contract, caller, operation, args);
    const { config } = built.metadata as { config: { example: JsonObject } };
    const { payload } = await call('Init', { requestId: 'init', config: config.example });
    await call('AcceptConfig', { requestId: 'accept', hash: payload?.['hash'] ?? '' });
    const document = { alg: 'SHA-256', digest: 'a'.repeat(64) };
    const registered = await call('Register', { requestId: 'r1', id: 'one', title: 'Invoice', document });
    assert.equal(registered.payload?.['state'], 'VALID', JSON.stringify(registered.refusal));
    assert.equal((await call('Register', { requestId: 'r2', id: 'two', title: 'Invoice again', document })).refusal?.code, 'DUPLICATE');
    assert.equal((await call('Revoke', { requestId: 'r3', id: 'one' }, { ...acme, mspId: 'BankMSP' })).refusal?.code, 'FORBIDDEN');
    assert.equal((await call('Revoke', { requestId: 'r4', id: 'one' })).payload?.['state'], 'REVOKED');
  } finally {
    runtime.close();
  }
});
