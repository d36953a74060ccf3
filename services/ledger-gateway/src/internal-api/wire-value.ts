/** JSON. What JSON has no form for is an object of one field, whose name begins with a dollar sign. */
export type WireValue = null | boolean | number | string | readonly WireValue[] | { readonly [field: string]: WireValue };

/** Exactly what `fromWire` makes of it again: bytes, dates, big integers and fields that are there but undefined included. */
export function toWire(value: unknown): WireValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (value === undefined) return { $undefined: true };
  if (typeof value === 'number') return numberToWire(value);
  if (typeof value === 'bigint') return { $bigint: String(value) };
  if (Array.isArray(value)) return value.map(toWire);
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64') };
  if (value instanceof Date) return { $date: toWire(value.getTime()) };
  if (!isPlain(value)) throw new TypeError(`A ${typeof value === 'object' ? value.constructor.name : typeof value} has no form between processes.`);
  const fields = Object.fromEntries(Object.entries(value).map(([name, field]) => [name, toWire(field)]));
  return tagOf(fields) === undefined ? fields : { $object: fields };
}

const numberToWire = (value: number): WireValue => {
  if (Object.is(value, -0)) return { $number: '-0' };
  return Number.isFinite(value) ? value : { $number: String(value) };
};

/** @throws TypeError for what no `toWire` has made */
export function fromWire(wire: unknown): unknown {
  if (Array.isArray(wire)) return wire.map(fromWire);
  if (!isPlain(wire)) return wire;
  const tag = tagOf(wire);
  return tag === undefined ? fieldsOf(wire) : untagged(tag, wire[tag]);
}

function untagged(tag: string, value: unknown): unknown {
  if (tag === '$undefined') return undefined;
  if (tag === '$date') return new Date(Number(fromWire(value)));
  if (tag === '$object' && isPlain(value)) return fieldsOf(value);
  if (typeof value === 'string') {
    if (tag === '$number') return Number(value);
    if (tag === '$bigint') return BigInt(value);
    if (tag === '$bytes') return bytesOf(value);
  }
  throw new TypeError(`${tag} is no form of a value between processes.`);
}

type Fields = Readonly<Record<string, unknown>>;

/** `fromEntries` defines fields, also one that is named __proto__; it assigns none. */
const fieldsOf = (fields: Fields): unknown => Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fromWire(field)]));

function tagOf(fields: Fields): string | undefined {
  const [only, ...more] = Object.keys(fields);
  return more.length === 0 && only?.startsWith('$') ? only : undefined;
}

function isPlain(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function bytesOf(base64: string): Uint8Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
