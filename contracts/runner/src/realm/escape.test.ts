import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import vm from 'node:vm';
import { runOnce } from '../../test/realm-runs.ts';

// A contract that gets hold of any object of the host can walk to the host's Function and from there to everything. Each attempt here
// collects what it can reach and tries exactly that. `seize` returns 'ESCAPED' when one of the values leads to the host.

const seize = `
  const seize = (...values) => {
    const seen = new Set();
    const queue = [...values];
    let escaped = '';
    while (queue.length > 0 && seen.size < 20000) {
      const value = queue.shift();
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
      seen.add(value);
      try { if (typeof value === 'function') { const found = value.constructor('return typeof process')(); if (found === 'object') escaped = 'ESCAPED'; } } catch {}
      try { if (value.constructor && value.constructor.constructor('return typeof process')() === 'object') escaped = 'ESCAPED'; } catch {}
      try { queue.push(Object.getPrototypeOf(value)); } catch {}
      let keys = [];
      try { keys = Reflect.ownKeys(value); } catch {}
      for (const key of keys) {
        try { const { value: inner, get, set } = Object.getOwnPropertyDescriptor(value, key); queue.push(inner, get, set); } catch {}
        try { queue.push(value[key]); } catch {}
      }
    }
    return escaped || 'held';
  };`;

async function attempt(body: string): Promise<string | undefined> {
  const { payload, reason } = await runOnce(
    `${seize}
    var contract = { invoke: async (request, ask) => { const payload = await (async () => { ${body} })(); return JSON.stringify({ ok: true, payload: String(payload), writes: [] }); } };`,
  );
  return payload ?? reason;
}

test('an attempt would be noticed: one function of the host is enough', () => {
  const global = vm.createContext(vm.constants.DONT_CONTEXTIFY);
  Reflect.set(global, 'leak', { deep: [() => undefined] });
  assert.equal(new vm.Script(`${seize} seize(leak)`).runInContext(global), 'ESCAPED');
});

describe('what a contract can reach', () => {
  const attempts = {
    'everything from the global object': 'return seize(globalThis);',
    'this of a plain function': 'return seize((function () { return this })(), Object.getPrototypeOf(globalThis));',
    'the request and the way to ask': 'return seize(request, ask, ask.constructor);',
    'promises of the ledger': `const p = ask('get', ''); return seize(p, p.constructor, await p, p.then(() => 1));`,
    'errors of the language':
      'const errors = []; for (const f of [() => null.x, () => undefined_, () => new Array(-1), () => 1n + 1, () => decodeURIComponent("%"), () => JSON.parse("{"), () => Symbol() + "", () => new Proxy({}, null), () => Reflect.construct(1), () => "".repeat(-1), () => BigInt(1.5), () => new RegExp("(")]) { try { f() } catch (e) { errors.push(e) } } return errors.length + seize(...errors);',
    'errors of refused code':
      'const errors = []; for (const C of [Function, (async () => {}).constructor, (function* () {}).constructor, (async function* () {}).constructor]) { try { C("return process")() } catch (e) { errors.push(e) } } try { (0, Object.getPrototypeOf(async () => {}).constructor)("1") } catch (e) { errors.push(e) } return seize(...errors);',
    'errors of asking with odd values': `const errors = []; for (const odd of [Symbol(), { toString() { throw this } }, { [Symbol.toPrimitive]() { return {} } }, new Proxy({}, { get() { throw new Error('x') } }), Object.create(null)]) { try { await ask(odd, odd) } catch (e) { errors.push(e) } } return errors.length + seize(...errors);`,
    'the caller of a function':
      'function f() { return [f.caller, f.arguments] } const got = []; try { got.push(...f()) } catch (e) { got.push(e) } try { got.push((function () { return arguments.callee.caller })()) } catch (e) { got.push(e) } return seize(...got);',
    'stack frames by a formatter of its own': `const got = []; try { Error.prepareStackTrace = (e, frames) => { got.push(e, ...frames, ...frames.map((f) => f.getThis?.()), ...frames.map((f) => f.getFunction?.())); return frames } } catch (e) { got.push(e) } const e = new Error('x'); got.push(e.stack); try { Error.stackTraceLimit = 10 } catch (x) { got.push(x) } try { Object.defineProperty(Error, 'stackTraceLimit', { value: 10 }) } catch (x) { got.push(x) } got.push(new Error('y').stack); return seize(...got);`,
    'stack frames by another kind of error': `const got = []; class E extends Error { static stackTraceLimit = 50; static prepareStackTrace = (e, f) => { got.push(e, f); return f } } got.push(new E('x').stack, new AggregateError([], 'x').stack, new RangeError('x').stack); return seize(...got);`,
    'an error made where the stack ends':
      'const got = []; const dive = () => { try { dive() } catch (e) { got.push(e); try { e.stack; new Error("x").stack; Promise.reject(1).catch(() => {}); ask("get", "") } catch (x) { got.push(x) } } }; try { dive() } catch (e) { got.push(e) } return seize(...got);',
    'an error made where the stack ends, in the message path': `const got = []; const dive = async (n) => { try { await ask('get', ''); dive(n + 1); JSON.stringify(got.length) } catch (e) { got.push(e) } }; const down = () => { try { down() } catch (e) { got.push(e); try { ask('get', '').catch((x) => got.push(x)) } catch (x) { got.push(x) } } }; down(); await dive(0); return seize(...got);`,
    'species and subclasses of promises': `const got = []; class P extends Promise { static get [Symbol.species]() { return function (executor) { got.push(executor, arguments); return new Promise(executor) } } constructor(executor) { super((...args) => { got.push(...args); executor(...args) }) } } const p = P.resolve(1); got.push(p, await p.then(() => ask('get', '')), await P.all([ask('get', '')])); return seize(...got);`,
    'a changed Promise': `const got = []; const then = Promise.prototype.then; Promise.prototype.then = function (...args) { got.push(this, ...args); return then.apply(this, args) }; got.push(await ask('get', ''), await Promise.resolve(1)); const answer = seize(...got); Promise.prototype.then = then; return answer;`,
    'thenables and async iterators': `const got = []; await { then(...args) { got.push(...args); args[0]() } }; for await (const x of { [Symbol.asyncIterator]() { got.push(this, arguments); return { next: async (...args) => { got.push(...args); return { done: true } } } } }) got.push(x); return seize(...got);`,
    'proxies around what it is given': `const got = []; const spy = (target) => new Proxy(target, new Proxy({}, { get: (_, trap) => (...args) => { got.push(...args); return Reflect[trap](...args) } })); const proxied = spy(ask); got.push(await proxied('get', '')); Object.setPrototypeOf(globalThis, spy(Object.prototype)); got.push(globalThis.nothing); return seize(...got);`,
    'changed intrinsics that the mailboxes use': `const got = []; const keep = {}; for (const [holder, name] of [[JSON, 'stringify'], [JSON, 'parse'], [Map.prototype, 'get'], [Map.prototype, 'set'], [Array.prototype, Symbol.iterator]]) { const own = holder[name]; holder[name] = function (...args) { got[got.length] = this; got[got.length] = args; return own.apply(this, args) } } await ask('get', ''); return seize(got);`,
    'its mailboxes as accessors': `const got = []; for (const name of ['guildhallInbox', 'guildhallOutbox', 'guildhallStep', 'guildhallLoad']) { got.push(globalThis[name]); try { Object.defineProperty(globalThis, name, { get() { got.push(this, arguments); return '' }, set(v) { got.push(this, v) } }) } catch (e) { got.push(e) } try { delete globalThis[name] } catch (e) { got.push(e) } } await ask('get', ''); return seize(...got);`,
    'the registry of symbols': `const got = []; for (const name of ['nodejs.util.inspect.custom', 'nodejs.dispose', 'nodejs.rejection']) { Object.prototype[Symbol.for(name)] = function (...args) { got.push(this, ...args) } } await ask('get', ''); return seize(...got);`,
  };
  for (const [what, body] of Object.entries(attempts)) {
    test(`${what}: not the host`, async () => assert.match((await attempt(body)) ?? '', /^\d*held$/));
  }
});

describe('import()', () => {
  const ways = [
    'import("node:fs")',
    'import ("node:fs")',
    'import/**/("node:fs")',
    'import\n("node:fs")',
    'import.meta',
    'import.source("x")',
    'import <!-- x\n("node:fs")',
    '(0,import("x"))',
  ];
  for (const way of ways) {
    test(`is refused before it is compiled: ${JSON.stringify(way)}`, async () => {
      assert.equal((await runOnce(`var contract = { invoke: () => ${way} }`)).reason, 'the contract contains the word import');
    });
  }

  test('cannot be written with escapes', async () => {
    assert.match((await runOnce(String.raw`var contract = { invoke: () => \u0069mport("node:fs") }`)).reason ?? '', /not a script/);
  });

  test("longer names with the word in them are nobody's business", async () => {
    assert.equal(await attempt('var important = 1, reimport = 2, $import = 3, import_ = 4, importé = 5; return seize();'), 'held');
  });
});
