import { configFromBlock, decodeConfiguration, policyInWords, printPolicy, type Batch, type Capabilities, type DecodedBlock, type Policies } from '@guildhall/fabric';

export interface ChannelPolicy {
  /** The group whose policy it is: Channel, Orderer or Application. */
  readonly group: string;
  readonly name: string;
  /** In Fabric's language. */
  readonly policy: string;
  readonly words: string;
}

/** What the members of a channel agreed on, as the ledger has it. */
export interface ChannelSettings {
  readonly sequence: number;
  /** The block that holds it. */
  readonly blockNumber: number;
  readonly batch: Batch;
  /** Of Raft; undefined for another kind of ordering. */
  readonly tickMs: number | undefined;
  readonly electionTicks: number | undefined;
  readonly capabilities: Capabilities;
  readonly policies: readonly ChannelPolicy[];
}

export function channelSettings(block: DecodedBlock): ChannelSettings {
  const config = configFromBlock(block);
  const { batch, capabilities, ordering, policies = {} } = decodeConfiguration(block.channel, config);
  const raft = ordering.type === 'raft' ? ordering.options : undefined;
  return {
    sequence: config.getSequence(),
    blockNumber: block.number,
    batch,
    tickMs: raft?.tickIntervalMs,
    electionTicks: raft?.electionTick,
    capabilities,
    policies: [...policiesOf('Channel', policies.channel), ...policiesOf('Orderer', policies.orderer), ...policiesOf('Application', policies.application)],
  };
}

const policiesOf = (group: string, policies: Policies = {}): readonly ChannelPolicy[] =>
  Object.entries(policies).map(([name, policy]) => ({ group, name, policy: printPolicy(policy), words: policyInWords(policy) }));
