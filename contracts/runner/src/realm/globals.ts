/**
 * What a contract finds in its realm. What differs between members or between runs is not here. Typed arrays are not: they show the order of
 * bytes of the machine and the bits of NaN, and lie in memory that no limit of V8 counts.
 */
export const realmGlobals: readonly string[] = [
  'Object',
  'Function',
  'Array',
  'Number',
  'Infinity',
  'NaN',
  'undefined',
  'Boolean',
  'String',
  'Symbol',
  'Promise',
  'RegExp',
  'Error',
  'AggregateError',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
  'globalThis',
  'JSON',
  'Math',
  'Map',
  'BigInt',
  'Set',
  'Iterator',
  'WeakMap',
  'WeakSet',
  'Proxy',
  'Reflect',
  'isFinite',
  'isNaN',
  'parseInt',
  'encodeURIComponent',
  'decodeURIComponent',
  'encodeURI',
  'decodeURI',
];

/** The functions of Math whose results are whole for whole arguments, and the same in every engine. */
export const integerFunctions: readonly string[] = ['abs', 'ceil', 'clz32', 'floor', 'imul', 'max', 'min', 'round', 'sign', 'trunc'];
