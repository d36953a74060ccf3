import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ContractFault } from './faults.ts';
import { createRuntime } from './runtime.ts';
import { runOnce, type Options } from '../../test/realm-runs.ts';

/** A contract whose call has this body; it sees `request` and `ask`, and what it returns is the payload. */
const contract = (body: string, before = ''): string => `${before};var contract = {
  describe: () => '{}',
  invoke: async (request, ask) => { const payload = await (async () => { ${body} })(); return JSON.stringify({ ok: true, payload: String(payload), writes: [] }); },
};`;

const payloadOf = async (source: string) => (await runOnce(source)).payload;
const faultOf = async (source: string, options?: Partial<Options>) => (await runOnce(source, options)).fault;

describe('a call', () => {
  test('asks the ledger side by side and goes on when all is answered', async () => {
    const { payload, asked } = await runOnce(
      contract(`const [a, b] = await Promise.all([ask('get', 'a'), ask('get', 'b')]); return a + b + (await ask('get', 'c'));`),
    );
    assert.equal(payload, 'ABC');
    assert.deepEqual(asked, ['get a', 'get b', 'get c']);
  });

  test('ends when the ledger does not answer, whatever the contract makes of it', async () => {
    const { error } = await runOnce(contract(`try { await ask('get', 'a') } catch { return 'caught' }`), { ledger: 'failing' });
    assert.equal(error, 'the ledger is away');
  });

  test('finds nothing of the call before: module state is gone', async () => {
    const runtime = createRuntime(
      contract('globalThis.left = (globalThis.left ?? 0) + 1; count += 1; return count + globalThis.left;', 'let count = 0'),
    );
    for (let i = 0; i < 3; i += 1) assert.deepEqual(await runtime.call('{}', async () => ''), { ok: true, payload: '2', writes: [] });
    runtime.close();
  });

  test('finds no clock, no randomness, no I/O, no locale, no way to wait', async () => {
    const names = [
      'Date',
      'performance',
      'crypto',
      'process',
      'require',
      'console',
      'fetch',
      'setTimeout',
      'setImmediate',
      'queueMicrotask',
      'Intl',
      'WebAssembly',
      'SharedArrayBuffer',
      'Atomics',
      'WeakRef',
      'FinalizationRegistry',
      'Temporal',
      'Buffer',
      'structuredClone',
      'Float64Array',
      'Uint8Array',
      'ArrayBuffer',
      'escape',
      'eval',
    ];
    assert.equal(await payloadOf(contract(`return ${JSON.stringify(names)}.filter((name) => name in globalThis).join()`)), '');
    assert.equal(
      await payloadOf(
        contract(
          `return [Math.random, Math.sin, Math.sqrt, ''.localeCompare, ''.normalize, (1).toLocaleString, (1n).toLocaleString, [].toLocaleString, Error.captureStackTrace].filter(Boolean).length`,
        ),
      ),
      '0',
    );
  });

  test('sees no stack traces, whose paths differ between members', async () => {
    assert.equal(await payloadOf(contract(`try { null.x } catch (error) { return typeof error.stack }`)), 'undefined');
  });
});

describe('a contract that does not end', () => {
  const loops = {
    'in a call': contract('for (;;);'),
    'in a promise job': contract('await 1; for (;;);'),
    'in a chain of promise jobs': contract('const again = () => Promise.resolve().then(again); return again();'),
    'in a regular expression': contract(`return /^(a+)+$/.test('a'.repeat(40) + 'b')`),
    'after the ledger answered': contract(`await ask('get', ''); for (;;);`),
    'while its answer is written': contract('Array.prototype.toJSON = () => { for (;;); }; return 1;'),
    'in a thenable it returns': contract('return { then() { for (;;); } }'),
    'in a loop of the engine that heeds no request to end': contract('return [].includes.call({ length: 2 ** 53 - 1 }, 1)'),
  };
  for (const [where, source] of Object.entries(loops))
    test(`is stopped: ${where}`, async () => assert.equal(await faultOf(source, { limitMs: 100 }), 'CONTRACT_TIMEOUT'));

  test('is stopped while it loads', async () => assert.equal(await faultOf('for (;;);', { limitMs: 50 }), 'CONTRACT_TIMEOUT'));

  test('is stopped when the time of all its steps together is used up', async () => {
    assert.equal(
      await faultOf(contract(`for (;;) { await ask('get', ''); for (let i = 0; i < 100000; i += 1); }`), { limitMs: 100 }),
      'CONTRACT_TIMEOUT',
    );
  });

  test('is stopped when it reads without end', async () => {
    assert.equal(
      await faultOf(contract(`for (;;) await Promise.all(Array.from({ length: 5000 }, () => ask('get', '')));`)),
      'CONTRACT_TIMEOUT',
    );
  });

  test('that waits for nothing is told so at once', async () => {
    assert.equal(await faultOf(contract('await new Promise(() => {});')), 'CONTRACT_BROKEN');
  });
});

describe('a call that takes its process down', () => {
  const bombs = {
    loops: 'for (;;);',
    'uses up the memory': 'const all = []; for (;;) all.push(new Array(10000).fill(all.length));',
    'wants more memory at once than there is': 'return (1n << 1000000000n).toString()',
  };
  for (const [what, bomb] of Object.entries(bombs)) {
    test(`because it ${what} does not fail the others, which start again`, async () => {
      const runtime = createRuntime(
        contract(`if (request === 'bomb') { ${bomb} } return (await ask('get', 'a')) + (await ask('get', 'b'));`),
        { limitMs: 3000, memoryMb: 32 },
      );
      let asked = 0;
      const ledger = async (_: string, request: string): Promise<string> => {
        asked += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
        return request;
      };
      const others = Array.from({ length: 5 }, async () => runtime.call('{}', ledger));
      await assert.rejects(runtime.call('bomb', ledger), ContractFault);
      for (const answer of await Promise.all(others)) assert.deepEqual(answer, { ok: true, payload: 'ab', writes: [] });
      assert.ok(asked > 10, 'they read again what they had read');
      assert.deepEqual(await runtime.call('{}', ledger), { ok: true, payload: 'ab', writes: [] });
      runtime.close();
    });
  }
});

describe('memory', () => {
  test('is told of as the reason, however it was used up', async () => {
    for (const body of ['return (1n << 1000000000n).toString()', 'const all = []; for (;;) all.push([all.length]);']) {
      const { reason } = await runOnce(contract(body), { limitMs: 60_000, memoryMb: 32 });
      assert.equal(reason, 'the contract used more than 32 MB of memory');
    }
  });

  test('is enough for any number of calls that wait for the ledger side by side', async () => {
    const runtime = createRuntime(contract(`const kept = Array.from({ length: 50000 }, (_, i) => i); return (await ask('get', 'a')) + kept.length;`), {
      memoryMb: 48,
    });
    const slow = async (): Promise<string> => new Promise((resolve) => setTimeout(resolve, 20, 'a'));
    const answers = await Promise.all(Array.from({ length: 300 }, async () => runtime.call('{}', slow)));
    assert.ok(answers.every((answer) => answer.ok && answer.payload === 'a50000'));
    runtime.close();
  });

  test('comes back from calls that ended because of the ledger', async () => {
    const runtime = createRuntime(contract(`const kept = Array.from({ length: 50000 }, (_, i) => i); await ask('get', 'a'); return kept.length;`), {
      memoryMb: 48,
    });
    const failing = async (): Promise<string> => Promise.reject(new Error('the ledger is away'));
    for (let i = 0; i < 150; i += 1) await assert.rejects(runtime.call('{}', failing), /the ledger is away/);
    assert.deepEqual(await runtime.call('{}', async () => ''), { ok: true, payload: '50000', writes: [] });
    runtime.close();
  });
});

describe('a contract that is broken', () => {
  const broken = {
    'is no script': 'var contract = {',
    'throws while it loads': 'throw new Error("no")',
    'throws something without a text': 'throw { get message() { throw 1 }, toString() { throw 2 } }',
  };
  for (const [what, source] of Object.entries(broken)) test(what, async () => assert.equal(await faultOf(source), 'CONTRACT_BROKEN'));

  const answers = {
    'answers no JSON': `var contract = { invoke: () => 'x' }`,
    'answers an object': `var contract = { invoke: () => ({}) }`,
    'is no contract': `var contract = {}`,
    'answers a write without a key': `var contract = { invoke: () => '{"ok":true,"payload":"","writes":[["","x"]]}' }`,
    'answers a write into composite keys': String.raw`var contract = { invoke: () => '{"ok":true,"payload":"","writes":[["\\u0000a","x"]]}' }`,
    'answers a text that is none': String.raw`var contract = { invoke: () => '{"ok":true,"payload":"","writes":[["a\ud800","x"]]}' }`,
    'answers writes without number': `var contract = { invoke: () => '{"ok":true,"payload":"","writes":[' + Array(20001).fill('["a","x"]').join() + ']}' }`,
    'answers an event without a name': `var contract = { invoke: () => '{"ok":true,"payload":"","writes":[],"event":{}}' }`,
    'seals its mailboxes': contract(`Object.freeze(globalThis); return 1;`),
    'puts an object into its outbox': contract(
      `const o = { toString() { return '{"answer":"1"}' } }; globalThis.guildhallOutbox = o; Object.defineProperty(globalThis, 'guildhallOutbox', { writable: false }); return 1;`,
    ),
    'spoils JSON': contract(`JSON.stringify = () => '{"answer":{}}'; JSON.parse = () => [{ ask: {} }]; await ask('get', ''); return 1;`),
    'rejects with an unreadable error': contract(`throw { get message() { throw 1 }, toString() { throw 2 } }`),
  };
  for (const [what, source] of Object.entries(answers)) test(what, async () => assert.equal(await faultOf(source), 'CONTRACT_BROKEN'));
});
