import { integerFunctions, realmGlobals } from './globals.ts';

/**
 * Runs first in every realm, before the contract. It takes away what differs between members or reaches outside, and leaves two
 * mailboxes: texts that the host writes (`guildhallInbox`) and reads (`guildhallOutbox`). No host object and no host function ever
 * enters the realm, so nothing here can lead back to the host's constructors.
 *
 * Without a numeric `Error.stackTraceLimit` V8 takes no stack traces. They would differ between members (paths), and reading one
 * calls a formatter of the host, which can be made to throw a host error into the realm by exhausting the stack first.
 */
export const bootstrapSource = `'use strict';
(() => {
  const lock = (target, name, value) => Object.defineProperty(target, name, { value, writable: false, enumerable: false, configurable: false });
  lock(Error, 'stackTraceLimit', undefined);
  lock(Error, 'prepareStackTrace', undefined);
  delete Error.captureStackTrace;

  const globals = new Set(${JSON.stringify(realmGlobals)});
  for (const name of Object.getOwnPropertyNames(globalThis)) if (!globals.has(name)) delete globalThis[name];
  const integerFunctions = new Set(${JSON.stringify(integerFunctions)});
  for (const name of Object.getOwnPropertyNames(Math)) if (typeof Math[name] === 'function' && !integerFunctions.has(name)) delete Math[name];
  for (const type of [Array, BigInt, Number, Object, String]) delete type.prototype.toLocaleString;
  for (const name of ['localeCompare', 'normalize', 'toLocaleLowerCase', 'toLocaleUpperCase']) delete String.prototype[name];

  const mailbox = (name) => Object.defineProperty(globalThis, name, { value: '', writable: true, enumerable: false, configurable: false });
  mailbox('guildhallInbox');
  mailbox('guildhallOutbox');

  const waiting = new Map();
  let contract;
  let asked = 0;
  const send = (message) => { globalThis.guildhallOutbox += JSON.stringify(message) + '\\n'; };
  const ask = (operation, request) => new Promise((resolve) => {
    asked += 1;
    waiting.set(asked, resolve);
    send({ ask: asked, operation: String(operation), request: String(request) });
  });
  const textOf = (error) => {
    try { return String(error instanceof Error ? error.message : error); } catch { return 'an error without a text'; }
  };
  const start = async (request) => {
    try { send({ answer: String(await contract.invoke(request, ask)) }); } catch (error) { send({ failure: textOf(error) }); }
  };
  const deliver = ({ ask, text }) => {
    const resolve = waiting.get(ask);
    waiting.delete(ask);
    resolve(text);
  };
  lock(globalThis, 'guildhallLoad', (load) => {
    try { contract = load(); } catch (error) { send({ failure: textOf(error) }); }
  });
  lock(globalThis, 'guildhallStep', () => {
    for (const message of JSON.parse(globalThis.guildhallInbox)) {
      if (message.start !== undefined) void start(message.start);
      else if (message.describe) {
        try {
          if (typeof contract.invoke !== 'function') throw new TypeError('it has no function invoke');
          send({ answer: String(contract.describe()) });
        } catch (error) { send({ failure: textOf(error) }); }
      } else deliver(message);
    }
  });
})();
`;
