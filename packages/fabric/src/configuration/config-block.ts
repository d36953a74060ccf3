import { common } from '@hyperledger/fabric-protos';
import { type DecodedBlock, type Signatory, configFromBlock } from '../block/index.ts';
import { signatory } from '../block/transaction.ts';
import { policyInWords } from '../policy/index.ts';
import { decode } from '../protobuf.ts';
import { decodeConfiguration } from './decode.ts';
import type { ChannelConfiguration, Policies } from './description.ts';
import { type ConfigChange, describeChanges } from './difference.ts';

/** What a configuration block did to its channel, for people. */
export interface DescribedConfiguration {
  readonly blockNumber: number;
  /** Rises by one with every committed update; 0 in the first block. */
  readonly sequence: number;
  /** Against the configuration before; empty in the first block. */
  readonly changes: readonly ConfigChange[];
  /** Who signed the update. The orderers have checked the signatures against the policies. */
  readonly signers: readonly Signatory[];
  /** A sentence for each change, and of the first block for each thing that it fixes. */
  readonly words: readonly string[];
}

/** @param previous the configuration that was replaced; undefined for the first block alone */
export function describeConfigurationBlock(block: DecodedBlock, previous: common.Config | undefined): DescribedConfiguration {
  const config = configFromBlock(block);
  const changes = previous === undefined ? [] : describeChanges(previous, config);
  return {
    blockNumber: block.number,
    sequence: config.getSequence(),
    changes,
    signers: block.configUpdate === undefined ? [] : signersOf(block.configUpdate),
    words: previous === undefined ? firstInWords(decodeConfiguration(block.channel, config)) : changes.map(({ words }) => `${words}.`),
  };
}

function signersOf(update: common.Envelope): readonly Signatory[] {
  const payload = decode(common.Payload, update.getPayload_asU8(), 'Payload');
  return decode(common.ConfigUpdateEnvelope, payload.getData_asU8(), 'ConfigUpdateEnvelope')
    .getSignaturesList()
    .map((signature) => decode(common.SignatureHeader, signature.getSignatureHeader_asU8(), 'SignatureHeader'))
    .map((header) => signatory(header.getCreator_asU8()));
}

function firstInWords(configuration: ChannelConfiguration): readonly string[] {
  const { channel, ordering, batch, capabilities, ordererOrganizations, applicationOrganizations, policies = {} } = configuration;
  const consenters = ordering.consenters.map(({ host, port }) => `${host}:${port}`);
  return [
    `Channel ${channel} begins with the members ${list(applicationOrganizations.map(({ name }) => name))}.`,
    `Its transactions are ordered by ${ordering.type === 'raft' ? 'Raft' : 'BFT'} among ${list(consenters)}, of ${list(ordererOrganizations.map(({ name }) => name))}.`,
    `A block is cut after ${batch.timeoutMs} ms, at ${batch.maxMessageCount} transactions or at ${batch.preferredMaxBytes} bytes; none is larger than ${batch.absoluteMaxBytes} bytes.`,
    ...policyWords('the channel', policies.channel),
    ...policyWords('ordering', policies.orderer),
    ...policyWords('the members', policies.application),
    `Nodes must have the capabilities ${list([...new Set([...capabilities.channel, ...capabilities.orderer, ...capabilities.application])])}.`,
  ];
}

const policyWords = (of: string, policies: Policies = {}): readonly string[] =>
  Object.entries(policies).map(([name, policy]) => `Policy ${name} of ${of}: ${policyInWords(policy)}.`);

const list = (items: readonly string[]): string => (items.length === 0 ? 'none' : items.join(', '));
