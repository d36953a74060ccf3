import { randomBytes } from 'node:crypto';
import * as grpc from '@grpc/grpc-js';
import { common, ledger, msp, peer } from '@hyperledger/fabric-protos';
import timestamps from 'google-protobuf/google/protobuf/timestamp_pb.js';

// The peer's side of the ccaas protocol, as core/chaincode/handler.go of Fabric speaks it: it dials the contract, registers it, sends
// transactions, and answers what the contract asks of a world state in memory.

const { Type } = peer.ChaincodeMessage;
type MessageType = (typeof Type)[keyof typeof Type];

export interface Person {
  readonly mspId: string;
  readonly certificate: string;
}

export interface Simulation {
  readonly status: number;
  readonly message: string;
  readonly payload: string;
  readonly event: { readonly name: string; readonly payload: string } | undefined;
  /** In the order in which the contract sent them; undefined deletes. */
  readonly writes: readonly (readonly [key: string, value: string | undefined])[];
}

export interface FakePeer {
  readonly registeredAs: string;
  /** Simulates a transaction; commits its writes only when asked to. */
  simulate(person: Person, args: readonly string[], options?: { readonly at?: Date }): Promise<Simulation>;
  commit(simulation: Simulation): void;
  /** Sends what a peer sends whose chaincode.keepalive is set. */
  keepAlive(): void;
  close(): void;
}

/** A key that the peer cannot read, and one about which it never says anything. */
const unreadableKey = 'unreadable';
const silentKey = 'silent';

/** The ledger that peers of one channel share. */
export interface World {
  readonly state: Map<string, string>;
  readonly history: Map<string, [txId: string, value: string | undefined][]>;
}
export const createWorld = (): World => ({ state: new Map(), history: new Map() });

interface Running {
  readonly writes: [string, string | undefined][];
  readonly resolve: (simulation: Simulation) => void;
}

export async function connectFakePeer(
  address: string,
  rootCertificate: string | undefined,
  { state, history }: World = createWorld(),
): Promise<FakePeer> {
  const credentials =
    rootCertificate === undefined ? grpc.credentials.createInsecure() : grpc.credentials.createSsl(Buffer.from(rootCertificate));
  const maximum = 100 * 1024 * 1024;
  const options = { 'grpc.max_receive_message_length': maximum, 'grpc.max_send_message_length': maximum };
  const client = new peer.ChaincodeClient(address, credentials, options);
  const stream = client.connect();
  const running = new Map<string, Running>();
  const registered = Promise.withResolvers<string>();

  const send = (type: MessageType, payload: Uint8Array, txId = '', proposal?: peer.SignedProposal): void => {
    const message = new peer.ChaincodeMessage();
    message.setType(type);
    message.setPayload(payload);
    message.setTxid(txId);
    message.setChannelId('trade');
    if (proposal) message.setProposal(proposal);
    stream.write(message);
  };
  const respond = (txId: string, payload: Uint8Array): void => send(Type.RESPONSE, payload, txId);

  const answers: Partial<Record<number, (message: peer.ChaincodeMessage, simulation: Running) => void>> = {
    [Type.GET_STATE]: (message) => {
      const key = peer.GetState.deserializeBinary(message.getPayload_asU8()).getKey();
      if (key === silentKey) return;
      if (key === unreadableKey) send(Type.ERROR, Buffer.from('the disk is gone'), message.getTxid());
      else respond(message.getTxid(), Buffer.from(state.get(key) ?? ''));
    },
    [Type.PUT_STATE]: (message, { writes }) => {
      const put = peer.PutState.deserializeBinary(message.getPayload_asU8());
      writes.push([put.getKey(), Buffer.from(put.getValue_asU8()).toString()]);
      respond(message.getTxid(), new Uint8Array());
    },
    [Type.DEL_STATE]: (message, { writes }) => {
      writes.push([peer.DelState.deserializeBinary(message.getPayload_asU8()).getKey(), undefined]);
      respond(message.getTxid(), new Uint8Array());
    },
    [Type.GET_STATE_BY_RANGE]: (message) =>
      respond(message.getTxid(), rangeAnswer(state, peer.GetStateByRange.deserializeBinary(message.getPayload_asU8()))),
    [Type.GET_HISTORY_FOR_KEY]: (message) => {
      const key = peer.GetHistoryForKey.deserializeBinary(message.getPayload_asU8()).getKey();
      respond(message.getTxid(), queryResponse((history.get(key) ?? []).toReversed().map(([txId, value]) => modification(txId, value))));
    },
    [Type.QUERY_STATE_CLOSE]: (message) => respond(message.getTxid(), queryResponse([])),
    [Type.COMPLETED]: (message, { writes, resolve }) => {
      running.delete(message.getTxid());
      const response = peer.Response.deserializeBinary(message.getPayload_asU8());
      const event = message.getChaincodeEvent();
      resolve({
        status: response.getStatus(),
        message: response.getMessage(),
        payload: Buffer.from(response.getPayload_asU8()).toString(),
        writes,
        event: event ? { name: event.getEventName(), payload: Buffer.from(event.getPayload_asU8()).toString() } : undefined,
      });
    },
  };

  stream.on('data', (message: peer.ChaincodeMessage) => {
    if (message.getType() === Type.REGISTER) {
      registered.resolve(peer.ChaincodeID.deserializeBinary(message.getPayload_asU8()).getName());
      send(Type.REGISTERED, new Uint8Array());
      send(Type.READY, new Uint8Array());
      return;
    }
    const simulation = running.get(message.getTxid());
    const answer = answers[message.getType()];
    if (!simulation || !answer) throw new Error(`the contract sent an unexpected message of type ${message.getType()}`);
    answer(message, simulation);
  });
  stream.on('error', (error) => {
    registered.reject(error);
    const failed = { status: 0, message: error.message, payload: '', event: undefined, writes: [] };
    for (const { resolve } of running.values()) resolve(failed);
    running.clear();
  });

  const registeredAs = await registered.promise;
  const transactions = new WeakMap<Simulation, string>();
  return {
    registeredAs,
    async simulate(person, args, { at = new Date() } = {}) {
      const txId = randomBytes(32).toString('hex');
      const input = new peer.ChaincodeInput();
      input.setArgsList(args.map((arg) => Buffer.from(arg)));
      const simulation = await new Promise<Simulation>((resolve) => {
        running.set(txId, { writes: [], resolve });
        send(Type.TRANSACTION, input.serializeBinary(), txId, proposalOf(person, at, txId));
      });
      transactions.set(simulation, txId);
      return simulation;
    },
    commit(simulation) {
      for (const [key, value] of simulation.writes) {
        history.set(key, [...(history.get(key) ?? []), [transactions.get(simulation) ?? '', value]]);
        if (value === undefined) state.delete(key);
        else state.set(key, value);
      }
    },
    keepAlive: () => send(Type.KEEPALIVE, new Uint8Array()),
    close() {
      stream.end();
      client.close();
    },
  };
}

function proposalOf({ mspId, certificate }: Person, at: Date, txId: string): peer.SignedProposal {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  identity.setIdBytes(Buffer.from(certificate));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(identity.serializeBinary());
  signatureHeader.setNonce(randomBytes(24));
  const channelHeader = new common.ChannelHeader();
  const timestamp = new timestamps.Timestamp();
  timestamp.fromDate(at);
  channelHeader.setTimestamp(timestamp);
  channelHeader.setTxId(txId);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(Buffer.from('input'));
  const proposal = new peer.Proposal();
  proposal.setHeader(header.serializeBinary());
  proposal.setPayload(payload.serializeBinary());
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(proposal.serializeBinary());
  return signed;
}

/** Pages like the peer's LevelDB: keys in order of bytes, the bookmark names the next key. */
function rangeAnswer(state: ReadonlyMap<string, string>, range: peer.GetStateByRange): Uint8Array {
  const { pagesize, bookmark } = peer.QueryMetadata.deserializeBinary(range.getMetadata_asU8()).toObject();
  const start = bookmark === '' ? range.getStartkey() : bookmark;
  const keys = [...state.keys()].filter((key) => key >= start && key < range.getEndkey()).sort();
  const metadata = new peer.QueryResponseMetadata();
  metadata.setFetchedRecordsCount(Math.min(pagesize, keys.length));
  metadata.setBookmark(keys[pagesize] ?? '');
  const entries = keys.slice(0, pagesize).map((key) => {
    const entry = new ledger.queryresult.KV();
    entry.setKey(key);
    entry.setValue(Buffer.from(state.get(key) ?? ''));
    return entry.serializeBinary();
  });
  return queryResponse(entries, metadata.serializeBinary());
}

function modification(txId: string, value: string | undefined): Uint8Array {
  const entry = new ledger.queryresult.KeyModification();
  entry.setTxId(txId);
  entry.setIsDelete(value === undefined);
  entry.setValue(Buffer.from(value ?? ''));
  entry.setTimestamp(new timestamps.Timestamp());
  return entry.serializeBinary();
}

function queryResponse(entries: readonly Uint8Array[], metadata?: Uint8Array): Uint8Array {
  const response = new peer.QueryResponse();
  response.setResultsList(
    entries.map((bytes) => {
      const result = new peer.QueryResultBytes();
      result.setResultbytes(bytes);
      return result;
    }),
  );
  response.setId('query');
  if (metadata) response.setMetadata(metadata);
  return response.serializeBinary();
}
