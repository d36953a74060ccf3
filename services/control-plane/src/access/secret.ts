import { createHash, randomBytes } from 'node:crypto';

/**
 * 256 random bits: no guessing, so a plain digest of them may be stored. What the time of a look-up by the digest tells is of
 * no use to find the secret; so no comparison need take constant time.
 */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Under which a secret is stored and looked up. */
export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Nothing longer is looked up. */
export const maxSecretLength = 200;
