export type {
  Address, ApplicationOrganization, Batch, BftConsenter, BftOptions, Capabilities, ChannelConfiguration, OrdererOrganization, Ordering, Policies, RaftConsenter, RaftOptions,
} from './description.ts';
export { CUSTOMARY_POLICIES, bftBlockValidation, encodeConfiguration } from './encode.ts';
export { type GenesisSeed, buildGenesisBlock } from './genesis.ts';
