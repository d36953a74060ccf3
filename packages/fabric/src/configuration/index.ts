export type {
  Address,
  ApplicationOrganization,
  Batch,
  BftConsenter,
  BftOptions,
  Capabilities,
  ChannelConfiguration,
  OrdererOrganization,
  Ordering,
  Policies,
  RaftConsenter,
  RaftOptions,
} from './description.ts';
export { CUSTOMARY_POLICIES, bftBlockValidation, encodeConfiguration } from './encode.ts';
export { firstCandidate } from './first-candidate.ts';
export { type GenesisSeed, buildGenesisBlock } from './genesis.ts';
export { decodeConfiguration } from './decode.ts';
export { type DescribedConfiguration, describeConfigurationBlock } from './config-block.ts';
export { type ConfigChange, describeChanges } from './difference.ts';
export { computeConfigUpdate } from './update.ts';
export { reviseConfig } from './revise.ts';
export { type AppliedUpdate, applyConfigUpdate } from './apply.ts';
export {
  type ConfigSignature,
  type UnsignedConfigSignature,
  buildConfigSignature,
  buildConfigUpdateTransaction,
  decodeConfigSignature,
  decodeConfigUpdateTransaction,
  joinConfigSignature,
} from './envelope.ts';
