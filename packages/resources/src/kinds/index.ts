import type { z } from 'zod';
import type { Kind } from '../define.ts';
import { certificateRequest } from './certificate-request.ts';
import { channelMembership } from './channel-membership.ts';
import { channel } from './channel.ts';
import { clientIdentity } from './client-identity.ts';
import { consortium } from './consortium.ts';
import { contractInstallation } from './contract-installation.ts';
import { contract } from './contract.ts';
import { member } from './member.ts';
import { node } from './node.ts';
import { signingRequest } from './signing-request.ts';

export * from './certificate-request.ts';
export * from './channel-membership.ts';
export { codeDigest, type ContractCode } from './code.ts';
export { channel, maxConsenters, partiesOfChannel, type Channel } from './channel.ts';
export * from './client-identity.ts';
export * from './consortium.ts';
export * from './contract-installation.ts';
export * from './contract.ts';
export * from './member.ts';
export * from './node.ts';
export * from './signing-request.ts';

/** Every kind, in the order in which a person would read about them. */
export const kinds: Kind<z.ZodType, z.ZodType>[] = [
  consortium,
  member,
  node,
  channel,
  channelMembership,
  contract,
  contractInstallation,
  clientIdentity,
  certificateRequest,
  signingRequest,
];
