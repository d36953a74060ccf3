import { buildGenesisBlock, configFromBlock, describeChanges, type ChannelConfiguration, type GenesisSeed } from '@guildhall/fabric';
import { common } from '@hyperledger/fabric-protos';
import { refuse } from './refusal.ts';

/** The block is the channel's first, with exactly this configuration: it is built anew and compared byte for byte. */
export function requireGenesis(block: Uint8Array, configuration: ChannelConfiguration): void {
  const rebuilt = buildGenesisBlock(configuration, seedOf(block));
  if (Buffer.compare(rebuilt, block) === 0) return;
  const changes = describeChanges(configFromBlock(rebuilt), configFromBlock(block)).map(({ words }) => words);
  refuse(
    'Denied',
    `the block is not the first of channel ${configuration.channel} as agreed: ${changes.slice(0, 5).join('; ') || 'it differs in an order or outside the configuration'}`,
  );
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
