import { common, orderer, peer } from '@hyperledger/fabric-protos';
import { ConnectError, DecodeError, DeliverError, type FabricErrorCode } from '../errors.ts';
import { randomNonce, type Signer } from '../identity/index.ts';
import { buildSeek, joinEnvelope, type SeekRange } from '../proposal/index.ts';
import { decode } from '../protobuf.ts';
import type { CallOptions, Connections, NodeEndpoint } from '../transport/index.ts';

/** One block as the node sent it. */
export interface DeliveredBlock {
  readonly number: number;
  /** common.Block; serialises as it was signed. */
  readonly bytes: Uint8Array;
}

/** A block without the transactions' content: what happened to each. */
export interface FilteredBlock {
  readonly channel: string;
  readonly number: number;
  readonly transactions: readonly FilteredTransaction[];
}

export interface FilteredTransaction {
  /** Empty for a configuration. */
  readonly transactionId: string;
  /** common.HeaderType. */
  readonly type: number;
  /** peer.TxValidationCode. */
  readonly validationCode: number;
  /** Names of the contract's events; their payloads are in the full block only. */
  readonly events: readonly { readonly contract: string; readonly name: string }[];
}

/**
 * Streams of blocks. Each ends after the range's last block, throws a DeliverError when the node ends it earlier (DELIVER_INTERRUPTED: open a new one from the
 * next block), and throws CANCELLED when the signal aborts. Opening again is the caller's part. No time limit unless one is given.
 */
export function deliverFromOrderer(...request: Request): AsyncGenerator<DeliveredBlock> {
  return blocks('/orderer.AtomicBroadcast/Deliver', request, (answer) => {
    const response = decode(orderer.DeliverResponse, answer, 'DeliverResponse');
    return { block: deliveredBlock(response.getBlock()), status: response.getStatus() };
  });
}

export function deliverFromPeer(...request: Request): AsyncGenerator<DeliveredBlock> {
  return blocks('/protos.Deliver/Deliver', request, (answer) => {
    const response = decode(peer.DeliverResponse, answer, 'DeliverResponse');
    return { block: deliveredBlock(response.getBlock()), status: response.getStatus() };
  });
}

export function deliverFiltered(...request: Request): AsyncGenerator<FilteredBlock> {
  return blocks('/protos.Deliver/DeliverFiltered', request, (answer) => {
    const response = decode(peer.DeliverResponse, answer, 'DeliverResponse');
    return { block: filteredBlock(response.getFilteredBlock()), status: response.getStatus() };
  });
}

type Request = [connections: Connections, node: NodeEndpoint, signer: Signer, range: SeekRange, options?: CallOptions];

/**
 * Each answer holds a block or the node's last word. Fabric answers NOT_FOUND for a channel that it does not serve, too. Blocks come in order and
 * without a gap, or not at all: whoever reads on from the next number must not be led astray.
 */
async function* blocks<Block extends { readonly number: number; readonly channel?: string }>(
  method: string,
  request: Request,
  read: (answer: Uint8Array) => { block: Block | undefined; status: number },
): AsyncGenerator<Block> {
  const [, node, , range] = request;
  const unexpected = (what: string, status?: number, cause?: unknown): DeliverError =>
    deliverError('UNEXPECTED_ANSWER', node, range, what, status, cause);
  let next = typeof range.start === 'number' ? range.start : undefined;
  for await (const answer of stream(method, request)) {
    const { block, status } = readable(() => read(answer), unexpected);
    if (block !== undefined) {
      const { number, channel = range.channel } = block;
      if (!Number.isSafeInteger(number) || (next !== undefined && number !== next) || channel !== range.channel)
        throw unexpected(`the node sent block ${number} of channel ${channel}${next === undefined ? '' : `, where block ${next} is next`}`);
      next = number + 1;
      yield block;
    } else if (status === common.Status.SUCCESS) return;
    else {
      const code = CODE_BY_STATUS[status];
      const what = `the node answered with status ${status}`;
      throw code === undefined ? unexpected(what, status) : deliverError(code, node, range, what, status);
    }
  }
}

function readable<T>(read: () => T, unexpected: (what: string, status: undefined, cause: unknown) => DeliverError): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof DecodeError ? unexpected(cause.message, undefined, cause) : cause;
  }
}

async function* stream(method: string, [connections, node, signer, range, options]: Request): AsyncGenerator<Uint8Array> {
  const payload = buildSeek(range, { creator: signer.identity, nonce: randomNonce(), timestamp: new Date() });
  const envelope = joinEnvelope(payload, await signer.sign(payload));
  const call = connections.duplex(node, method, options);
  call.write(envelope.serializeBinary());
  try {
    yield* call;
  } catch (error) {
    if (!(error instanceof ConnectError) || error.code === 'CANCELLED') throw error;
    throw new DeliverError('DELIVER_INTERRUPTED', `The stream of blocks of channel ${range.channel} broke: ${error.message}`, {
      nodes: error.nodes,
      channel: range.channel,
      cause: error,
    });
  }
  throw deliverError('DELIVER_INTERRUPTED', node, range, 'the node ended the stream without a status');
}

const CODE_BY_STATUS: Readonly<Record<number, FabricErrorCode>> = {
  [common.Status.FORBIDDEN]: 'ACCESS_DENIED',
  [common.Status.NOT_FOUND]: 'BLOCK_NOT_FOUND',
  [common.Status.SERVICE_UNAVAILABLE]: 'DELIVER_INTERRUPTED',
};

function deliverError(
  code: FabricErrorCode,
  node: NodeEndpoint,
  range: SeekRange,
  message: string,
  status?: number,
  cause?: unknown,
): DeliverError {
  const failure = {
    address: node.address,
    message,
    ...(node.mspId === undefined ? {} : { mspId: node.mspId }),
    ...(status === undefined ? {} : { status }),
  };
  return new DeliverError(code, `Blocks of channel ${range.channel} from ${node.address}: ${message}`, {
    nodes: [failure],
    channel: range.channel,
    cause,
  });
}

const deliveredBlock = (block: common.Block | undefined): DeliveredBlock | undefined =>
  block && { number: block.getHeader()?.getNumber() ?? 0, bytes: block.serializeBinary() };

function filteredBlock(block: peer.FilteredBlock | undefined): FilteredBlock | undefined {
  return (
    block && {
      channel: block.getChannelId(),
      number: block.getNumber(),
      transactions: block.getFilteredTransactionsList().map((transaction) => ({
        transactionId: transaction.getTxid(),
        type: transaction.getType(),
        validationCode: transaction.getTxValidationCode(),
        events: (transaction.getTransactionActions()?.getChaincodeActionsList() ?? []).flatMap((action) => {
          const event = action.getChaincodeEvent();
          return event ? [{ contract: event.getChaincodeId(), name: event.getEventName() }] : [];
        }),
      })),
    }
  );
}
