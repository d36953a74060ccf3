import { PkiError } from './errors.ts';
import { oid } from './object-identifiers.ts';

export type CurveName = 'P-256' | 'P-384';

export interface Curve {
  readonly name: CurveName;
  readonly curveOid: string;
  /** The only hash each curve is used with, and the X.509 signature algorithm of the pair. */
  readonly hash: 'sha256' | 'sha384';
  readonly signatureOid: string;
  readonly coordinateLength: number;
  readonly order: bigint;
}

// Orders: FIPS 186-4, D.1.2.
export const curves: readonly Curve[] = [
  {
    name: 'P-256',
    curveOid: oid.p256,
    hash: 'sha256',
    signatureOid: oid.ecdsaWithSha256,
    coordinateLength: 32,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  {
    name: 'P-384',
    curveOid: oid.p384,
    hash: 'sha384',
    signatureOid: oid.ecdsaWithSha384,
    coordinateLength: 48,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
];

export function curveOfSignature(signatureOid: string, where: string): Curve {
  const curve = curves.find((candidate) => candidate.signatureOid === signatureOid);
  if (curve === undefined)
    throw new PkiError(
      'ALGORITHM_NOT_ALLOWED',
      `the ${where} is signed with ${signatureOid}; ECDSA P-256 with SHA-256 and P-384 with SHA-384 are allowed`,
    );
  return curve;
}
