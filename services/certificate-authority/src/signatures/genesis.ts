import { buildGenesisBlock, configFromBlock, describeChanges, type ChannelConfiguration, type GenesisSeed } from '@guildhall/fabric';
import { common } from '@hyperledger/fabric-protos';
import { refuse } from './refusal.ts';

/** The block is the channel's first, with exactly this configuration: it is built anew and compared byte for byte. */
export function requireGenesis(block: Uint8Array, configuration: ChannelConfiguration): void {
  const seed = seedOf(block);
  // A timestamp of protobuf reaches far beyond what a Date holds.
  if (Number.isNaN(seed.timestamp.getTime())) refuse('Denied', 'the block bears a date beyond the calendar');
  if (seed.nonce.length !== 24) refuse('Denied', `the nonce of the block has ${seed.nonce.length} bytes instead of 24`);
  const rebuilt = buildGenesisBlock(configuration, seed);
  if (Buffer.compare(rebuilt, block) === 0) return;
  refuse('Denied', `the block is not the first of channel ${configuration.channel} as agreed: ${differences(rebuilt, block)}`);
}

/** For people. Refused it is in any case, so a block that cannot even be described is no fault of ours. */
function differences(rebuilt: Uint8Array, block: Uint8Array): string {
  try {
    const changes = describeChanges(configFromBlock(rebuilt), configFromBlock(block)).map(({ words }) => words);
    return changes.slice(0, 5).join('; ') || 'it differs in an order or outside the configuration';
  } catch (error) {
    return `its configuration cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** What whoever built the block chose freely: its date and its nonce. Whatever else it holds shows in the comparison. */
function seedOf(bytes: Uint8Array): GenesisSeed {
  try {
    const envelope = common.Envelope.deserializeBinary(
      common.Block.deserializeBinary(bytes).getData()?.getDataList_asU8()[0] ?? new Uint8Array(),
    );
    const header = common.Payload.deserializeBinary(envelope.getPayload_asU8()).getHeader();
    const seconds =
      common.ChannelHeader.deserializeBinary(header?.getChannelHeader_asU8() ?? new Uint8Array())
        .getTimestamp()
        ?.getSeconds() ?? 0;
    const nonce = common.SignatureHeader.deserializeBinary(header?.getSignatureHeader_asU8() ?? new Uint8Array()).getNonce_asU8();
    return { timestamp: new Date(seconds * 1000), nonce };
  } catch {
    return refuse('Denied', 'the bytes of the block are not a block');
  }
}
