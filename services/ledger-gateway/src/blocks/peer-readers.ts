import { FabricError, peerQueries, type Connections, type NodeEndpoint, type PeerQueries, type Signer } from '@guildhall/fabric';
import type { Directory, ChannelAddress } from '../directory/directory.ts';
import type { LedgerView, MemberView } from '../directory/channel-view.ts';
import type { SilentPeers } from '../endorsement/silent-peers.ts';
import { TransactionError } from '../errors.ts';
import { explain } from '../explain.ts';
import type { ClientIdentities } from '../identity/client-identities.ts';

/** A channel's ledger. */
export interface LedgerAddress extends ChannelAddress {
  /** Of the channel's object: one that was made anew under the same name is another. Left out: the one that there is. */
  readonly uid?: string;
  /** In whose name it is read. Left out: each peer is asked in the name of the member whose it is. */
  readonly member?: string;
}

/** A peer, and in whose name it is asked. */
export interface Reader {
  readonly peer: NodeEndpoint;
  readonly holder: MemberView;
}

/** What a question to a peer may use. */
export interface Asking {
  readonly peer: NodeEndpoint;
  readonly signer: Signer;
  readonly queries: PeerQueries;
}

export interface PeerReaders {
  /** Whom to ask, in this order. */
  find(address: LedgerAddress): Promise<readonly Reader[]>;
  /** Asks one peer, and remembers whether it answered. */
  askOne<T>(reader: Reader, signal: AbortSignal, question: (asking: Asking) => Promise<T>): Promise<T>;
  /** Asks one after the other until one knows. Undefined when all answered and none does; NOT_ANSWERED when somebody who may know did not answer. */
  ask<T>(address: LedgerAddress, signal: AbortSignal, question: (asking: Asking) => Promise<T | undefined>): Promise<T | undefined>;
}

export interface PeerReadersOptions {
  readonly connections: Connections;
  readonly directory: Pick<Directory, 'findLedger'>;
  readonly identities: ClientIdentities;
  readonly silent: SilentPeers;
}

export function createPeerReaders({ connections, directory, identities, silent }: PeerReadersOptions): PeerReaders {
  const find: PeerReaders['find'] = async (address) => {
    const readers = readersOf(address, await current(directory, address));
    return silent.last(readers.map((reader) => ({ ...reader, address: reader.peer.address })));
  };
  const askOne: PeerReaders['askOne'] = async ({ peer, holder }, signal, question) => {
    const signer = await identities.of(holder, undefined, signal);
    try {
      const answer = await question({ peer, signer, queries: peerQueries({ connections, node: peer }, signer) });
      silent.ended(peer.address);
      return answer;
    } catch (error) {
      if (error instanceof FabricError) silent.ended(peer.address, error.code);
      throw error;
    }
  };
  return {
    find,
    askOne,
    async ask(address, signal, question) {
      const readers = await find(address);
      let failure: TransactionError | undefined;
      for (const reader of readers) {
        try {
          const answer = await askOne(reader, signal, question);
          if (answer !== undefined) return answer;
        } catch (error) {
          failure = unanswered(error);
          if (signal.aborted) throw failure;
        }
      }
      if (failure) throw failure;
      if (readers.length === 0) throw new TransactionError('NOT_READY', `No peer of channel ${address.channel} has an address yet.`);
      return undefined;
    },
  };
}

/** What is a fault of this program stays as it is. */
function unanswered(error: unknown): TransactionError {
  const explained = explain(error);
  if (!(explained instanceof TransactionError)) throw explained;
  return explained.code === 'NOT_ENDORSED' || explained.code === 'CONTRACT_REFUSED'
    ? new TransactionError('NOT_ANSWERED', explained.message, { nodes: explained.nodes, cause: error })
    : explained;
}

async function current(directory: Pick<Directory, 'findLedger'>, address: LedgerAddress): Promise<LedgerView> {
  const fits = ({ key }: LedgerView): boolean => address.uid === undefined || key.endsWith(`/${address.uid}`);
  const view = await directory.findLedger(address);
  if (fits(view)) return view;
  const fresh = await directory.findLedger(address, { fresh: true });
  if (fits(fresh)) return fresh;
  throw new TransactionError('NOT_FOUND', `Channel ${address.channel} of ${address.consortium} was deleted; there is another one of the same name now.`);
}

/** Own peers first; healthy ones first. */
function readersOf(address: LedgerAddress, view: LedgerView): readonly Reader[] {
  const own = view.members.find(({ name }) => name === address.member);
  if (address.member !== undefined && own === undefined)
    throw new TransactionError(
      'NOT_FOUND',
      `${address.member} is not a member of channel ${address.channel}; its members are ${view.members.map(({ name }) => name).join(', ')}.`,
    );
  const others = view.members.filter((member) => member !== own);
  const all = [...(own ? [own] : []), ...others].flatMap((member) => member.peers.map((peer) => ({ peer, holder: own ?? member })));
  return all.toSorted((a, b) => Number(view.unwell.has(a.peer.address)) - Number(view.unwell.has(b.peer.address)));
}
