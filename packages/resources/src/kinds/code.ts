import type { CelRule } from '../define.ts';
import { imageByDigest, sha256Digest } from '../names.ts';

/** What members run of a contract: one of the two. */
export interface ContractCode {
  artifactDigest?: string | undefined;
  image?: string | undefined;
}

export const codeFields = {
  /** sha256 of the bundled code, which Guildhall keeps. */
  artifactDigest: sha256Digest.optional(),
  /** An image that serves the contract, in whatever language: docs/contract-images.md. */
  image: imageByDigest.optional(),
};

export const oneCode: CelRule = { rule: 'has(self.artifactDigest) != has(self.image)', message: 'a contract is either an artifactDigest or an image: give one of the two' };

/** `sha256:…` of the code, whichever way it is given; empty when it is not given at all. It says the same wherever the code was got from. */
export const codeDigest = ({ artifactDigest, image = '' }: ContractCode): string => artifactDigest ?? image.slice(image.indexOf('@') + 1);
