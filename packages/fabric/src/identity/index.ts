export { type Identity, type Signer, parseIdentity, serializeIdentity } from './identity.ts';
export { createSigner, verifySignature } from './signer.ts';
export { randomNonce, transactionId } from './transaction-id.ts';
