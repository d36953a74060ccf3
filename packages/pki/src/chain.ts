import type { Certificate } from './certificate-parser.ts';
import { PkiError } from './errors.ts';
import type { ExtendedKeyUsage } from './extensions.ts';
import { curveOf } from './keys.ts';
import { formatName } from './name.ts';
import { verifyAnyS } from './signature.ts';
import { oid } from './object-identifiers.ts';

export interface ChainOptions {
  readonly roots: readonly Certificate[];
  readonly intermediates?: readonly Certificate[];
  readonly at: Date;
  /** What the leaf is used for; left out for MSP identities. */
  readonly usage?: ExtendedKeyUsage;
}

// Guildhall's chains are leaf, issuing CA, root; the cap only ends loops.
const maximumDepth = 5;

/**
 * The chain from `leaf` to one of the roots, both included. Checks signatures, names, key identifiers, CA flag, path length, key usage,
 * validity at one time, extended key usage through the chain as Go does, and refuses critical extensions it does not know. It is
 * for the chains that Guildhall itself issues: name constraints and policies (RFC 5280, 6) are refused as unknown when critical.
 */
export function verifyChain(leaf: Certificate, { roots, intermediates = [], at, usage }: ChainOptions): readonly Certificate[] {
  const chain: Certificate[] = [leaf];
  for (let current = leaf; ;) {
    requireSound(current, at);
    const trusted = roots.find(({ fingerprint }) => fingerprint === current.fingerprint);
    if (trusted !== undefined) break;
    if (chain.length >= maximumDepth) throw invalid(leaf, `its chain is longer than ${maximumDepth}`);
    const issuer = [...roots, ...intermediates].find((candidate) => isIssuer(candidate, current));
    if (issuer === undefined) throw invalid(current, `no certificate at hand issued it (issuer ${formatName(current.issuer)})`);
    requireAuthority(issuer, chain.length - 1);
    chain.push(issuer);
    current = issuer;
  }
  if (usage !== undefined) for (const certificate of chain) requireUsage(certificate, usage, certificate === leaf);
  return chain;
}

function isIssuer(candidate: Certificate, issued: Certificate): boolean {
  if (Buffer.compare(candidate.rawSubject, issued.rawIssuer) !== 0) return false;
  const { authorityKeyId } = issued.extensions;
  const { subjectKeyId } = candidate.extensions;
  if (authorityKeyId !== undefined && subjectKeyId !== undefined && Buffer.compare(authorityKeyId, subjectKeyId) !== 0) return false;
  if (curveOf(candidate.publicKey).name !== issued.signatureCurve) return false;
  return verifyAnyS(candidate.publicKey, issued.tbs, issued.signature);
}

function requireSound(certificate: Certificate, at: Date): void {
  if (at < certificate.notBefore) throw invalid(certificate, `it is not valid before ${certificate.notBefore.toISOString()}`);
  if (at > certificate.notAfter) throw invalid(certificate, `it ended at ${certificate.notAfter.toISOString()}`);
  const [unknown] = certificate.extensions.unknownCritical;
  if (unknown !== undefined) throw invalid(certificate, `it has a critical extension that is not understood, ${unknown}`);
}

/** `below`: CA certificates between this one and the leaf. */
function requireAuthority(certificate: Certificate, below: number): void {
  const { basicConstraints, keyUsage } = certificate.extensions;
  if (basicConstraints?.ca !== true) throw invalid(certificate, 'it issued a certificate but is not a CA');
  if (keyUsage !== undefined && !keyUsage.includes('certificateSign')) throw invalid(certificate, 'its key may not sign certificates');
  if (basicConstraints.pathLength !== undefined && below > basicConstraints.pathLength)
    throw invalid(certificate, `it allows ${basicConstraints.pathLength} CA certificates below it, there are ${below}`);
}

function requireUsage(certificate: Certificate, usage: ExtendedKeyUsage, isLeaf: boolean): void {
  const { extendedKeyUsage } = certificate.extensions;
  if (extendedKeyUsage === undefined ? !isLeaf : extendedKeyUsage.includes(usage) || extendedKeyUsage.includes(oid.anyExtendedKeyUsage))
    return;
  throw invalid(certificate, `it is not for ${usage}`);
}

function invalid(certificate: Certificate, why: string): PkiError {
  return new PkiError('CHAIN_INVALID', `certificate ${formatName(certificate.subject)} (${certificate.fingerprint.slice(0, 16)}): ${why}`);
}
