export { contractOf } from './arguments.ts';
export { type Call, type ContractCall, type SystemCall, type SystemCallKind, channelOf } from './call.ts';
export { CHANNEL_ENDORSEMENT, type Collection, type ContractDefinition, type EndorsementPolicy } from './definition.ts';
export { type MessageContext, joinEnvelope } from './header.ts';
export { type DecodedProposal, type UnsignedProposal, buildProposal, decodeProposal, joinProposal, signProposal } from './proposal.ts';
export { type DecodedTransaction, type Endorsed, type UnsignedTransaction, buildTransaction, decodeTransaction } from './transaction.ts';
export { type SeekPosition, type SeekRange, buildSeek } from './seek.ts';
export { type ApprovedDefinition, type CommitReadiness, type CommittedDefinition, type InstalledPackage, decodeResult } from './results.ts';
