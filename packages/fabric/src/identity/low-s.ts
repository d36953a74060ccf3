import { IdentityError } from '../errors.ts';

/** Group orders of the two curves that Fabric's MSP accepts. */
const ORDER = {
  prime256v1: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp384r1: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
} as const;

export type Curve = keyof typeof ORDER;

export const isCurve = (name: string | undefined): name is Curve => name !== undefined && Object.hasOwn(ORDER, name);

const toInteger = (bytes: Uint8Array): bigint => (bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`));

/** r || s as IEEE P1363 -> ASN.1 DER with s <= n/2; Fabric refuses the other of the two valid values of s. */
export function toLowSDer(rawSignature: Uint8Array, curve: Curve): Uint8Array {
  const half = rawSignature.length / 2;
  const s = toInteger(rawSignature.subarray(half));
  const n = ORDER[curve];
  const lowS = s > n / 2n ? Buffer.from((n - s).toString(16).padStart(half * 2, '0'), 'hex') : rawSignature.subarray(half);
  const body = Buffer.concat([derInteger(rawSignature.subarray(0, half)), derInteger(lowS)]);
  return new Uint8Array(Buffer.concat([Buffer.from([0x30, body.length]), body]));
}

/** Whether a DER signature has the low s; malformed DER is an error. */
export function isLowS(der: Uint8Array, curve: Curve): boolean {
  return toInteger(readS(der)) <= ORDER[curve] / 2n;
}

function derInteger(unsigned: Uint8Array): Buffer {
  let start = 0;
  while (start < unsigned.length - 1 && unsigned[start] === 0) start++;
  const digits = unsigned.subarray(start);
  const sign = (digits[0] ?? 0) >= 0x80 ? [0] : [];
  return Buffer.from([0x02, digits.length + sign.length, ...sign, ...digits]);
}

/** SEQUENCE { INTEGER r, INTEGER s } with short lengths: both curves fit in 104 bytes. */
function readS(der: Uint8Array): Uint8Array {
  const rLength = der[3] ?? 0;
  const sStart = 6 + rLength;
  const sLength = der[5 + rLength] ?? 0;
  const wellFormed = der[0] === 0x30 && der[1] === der.length - 2 && der[2] === 0x02 && der[4 + rLength] === 0x02 && sStart + sLength === der.length && sLength > 0;
  if (!wellFormed) throw new IdentityError('INVALID_SIGNATURE', 'The signature is not an ASN.1 DER ECDSA signature.');
  return der.subarray(sStart);
}
