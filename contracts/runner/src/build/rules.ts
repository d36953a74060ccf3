import { integerFunctions, realmGlobals } from '../realm/globals.ts';
import type { Rule } from './problems.ts';

export interface Verdict {
  readonly rule: Rule;
  readonly message: string;
}

const clock = 'members endorse at different times; take the time from the call';
const random = 'members would get different values';
const outside = 'a contract reaches nothing but the ledger';
const locale = 'it depends on the locale data of the machine';
const dynamic = 'code is fixed when the contract is built';

const forbidden = new Map<string, Verdict>([
  ...['Date', 'performance', 'Temporal', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map((name) =>
    entry('clock', name, clock),
  ),
  ...['crypto', 'WeakRef', 'FinalizationRegistry', 'Atomics', 'SharedArrayBuffer'].map((name) => entry('randomness', name, random)),
  ...[
    'process',
    'require',
    'module',
    'exports',
    'fetch',
    'console',
    'Buffer',
    'XMLHttpRequest',
    'WebSocket',
    '__dirname',
    '__filename',
  ].map((name) => entry('input-output', name, outside)),
  ...['eval', 'Function', 'WebAssembly'].map((name) => entry('dynamic-code', name, dynamic)),
  ...['Float16Array', 'Float32Array', 'Float64Array', 'parseFloat'].map((name) => entry('float', name, 'use whole numbers or BigInt')),
  ...[
    'ArrayBuffer',
    'DataView',
    'Uint8Array',
    'Uint8ClampedArray',
    'Int8Array',
    'Uint16Array',
    'Int16Array',
    'Uint32Array',
    'Int32Array',
    'BigUint64Array',
    'BigInt64Array',
  ].map((name) => entry('unknown-global', name, 'it shows how the machine orders bytes; keep bytes in an array of numbers')),
  entry('locale', 'Intl', locale),
  entry('module-state', 'globalThis', 'nothing outlives a call'),
]);

function entry(rule: Rule, name: string, reason: string): [string, Verdict] {
  return [name, { rule, message: `${name} cannot be used: ${reason}` }];
}

const allowed = new Set(realmGlobals);

export function judgeGlobal(name: string): Verdict | undefined {
  const verdict = forbidden.get(name);
  if (verdict) return verdict;
  return allowed.has(name) || name === 'arguments'
    ? undefined
    : { rule: 'unknown-global', message: `${name} is not defined; a contract has the language's own objects only` };
}

/** A property of `Math`, or of anything where the name alone tells. */
export function judgeMember(object: string | undefined, property: string): Verdict | undefined {
  if (object === 'Math' && property === 'random') return entry('randomness', 'Math.random', random)[1];
  if (object === 'Math' && !integerFunctions.includes(property))
    return entry('float', property === '' ? 'a property of Math whose name is not written out' : `Math.${property}`, 'its result may differ between engines; use whole numbers or BigInt')[1];
  if (
    ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString', 'toLocaleLowerCase', 'toLocaleUpperCase', 'localeCompare'].includes(
      property,
    )
  )
    return entry('locale', property, locale)[1];
  if (property === 'normalize') return entry('locale', property, 'its tables differ between versions of Unicode')[1];
  if (['toFixed', 'toPrecision', 'toExponential', 'parseFloat'].includes(property))
    return entry('float', property, 'use whole numbers or BigInt')[1];
  return undefined;
}

export const mutators = new Set([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
  'set',
  'add',
  'delete',
  'clear',
]);

/** Functions of the language that change what they are given first. */
export const changingHelpers = new Map([
  ['Object', new Set(['assign', 'defineProperty', 'defineProperties', 'setPrototypeOf'])],
  ['Reflect', new Set(['set', 'defineProperty', 'deleteProperty', 'setPrototypeOf'])],
]);
