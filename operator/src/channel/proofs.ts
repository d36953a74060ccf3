import { decodeBlock, type NodeEndpoint, type Signer } from '@guildhall/fabric';
import type { Channel } from '@guildhall/resources';
import type { OperatorContext } from '../context.ts';
import { nodeEndpoint } from '../endpoints.ts';
import { attempt } from '../fabric-problem.ts';
import { isReady, waiting, type Outcome } from '../outcome.ts';
import type { LedgerProof } from './decide.ts';
import type { ChannelState } from '../ports/fabric.ts';
import type { Party } from './gather.ts';

/** What is proven is proven again from time to time: ledgers can part, and a configuration be changed by other tools. */
const verifyMs = 60_000;

export interface LedgerQuestion {
  channel: Channel;
  parties: readonly Party[];
  /** The channel's first block, where it is known. */
  genesis: Uint8Array | undefined;
  signal: AbortSignal;
}

export interface Proofs {
  /** Whether the peers hold the same ledger, asked anew when that was some time ago; or why that cannot be told. */
  prove(question: LedgerQuestion): Promise<LedgerProof | { outcome: Outcome }>;
  /** As the ledger said last. */
  configSequence(channel: Channel): number | undefined;
  againAfterMs(channel: Channel): number;
  forget(channel: Channel): void;
}

interface Window {
  name: string;
  endpoint: NodeEndpoint;
  reader: Signer;
}

interface Shown {
  name: string;
  height: number;
  hash: string;
}

export function createProofs({ clients, fabric, clock }: Pick<OperatorContext, 'clients' | 'fabric' | 'clock'>): Proofs {
  /** By the channel's uid. They live here alone: another process asks for itself. */
  const known = new Map<string, { at: number; configSequence: number }>();
  const idOf = ({ metadata: { uid = '' } }: Channel): string => uid;

  function againAfterMs(channel: Channel): number {
    const found = known.get(idOf(channel));
    return found === undefined ? 0 : Math.max(0, found.at + verifyMs - clock.monotonic());
  }

  async function ask(windows: readonly Window[], channel: Channel, signal: AbortSignal): Promise<{ shown: Shown[]; state: ChannelState | undefined }> {
    const { name } = channel.metadata;
    const [first] = windows;
    const [state, ...shown] = await Promise.all([
      first && fabric.channels.configuration(first.endpoint, first.reader, name, signal),
      ...windows.map(async ({ name: peer, endpoint, reader }): Promise<Shown> => {
        const { height, currentBlockHash } = await fabric.channels.chainInfo(endpoint, reader, name, signal);
        return { name: peer, height, hash: Buffer.from(currentBlockHash).toString('hex') };
      }),
    ]);
    return { shown, state };
  }

  return {
    async prove({ channel, parties, genesis, signal }) {
      const before = isReady(channel);
      if (before && againAfterMs(channel) > 0) return { verdict: 'same' };
      const windows = windowsOf(parties);
      // The operator's own certificates come with an event.
      if (windows === undefined) return before ? { verdict: 'same' } : { outcome: waiting('WaitingForCertificate', "Waiting for the operator's own certificates, with which it reads the ledgers.") };
      const asked = await attempt(() => ask(windows, channel, signal));
      // Whether nodes answer is the monitor's to say; here it only means that nothing was learnt.
      if ('failed' in asked) return before && asked.error.retryable ? { verdict: 'same' } : { outcome: asked.failed };
      const { shown, state } = asked.result;
      const proof = anotherLedger(channel, state, genesis) ?? compare(shown, before);
      if (proof.verdict === 'same') known.set(idOf(channel), { at: clock.monotonic(), configSequence: state?.sequence ?? 0 });
      return proof;
    },
    configSequence: (channel) => known.get(idOf(channel))?.configSequence ?? channel.status?.configSequence,
    // Where nothing could be learnt it is tried again soon.
    againAfterMs: (channel) => againAfterMs(channel) || retryMs,
    forget: (channel) => void known.delete(idOf(channel)),
  };

  /** One for each peer of the channel; undefined until all of them can be asked. */
  function windowsOf(parties: readonly Party[]): Window[] | undefined {
    const found = parties.flatMap(({ member, peers }) =>
      member === undefined ? [] : peers.map((peer) => ({ name: `${member.metadata.name}/${peer.metadata.name}`, endpoint: nodeEndpoint(peer, member), reader: clients.reader(member) })),
    );
    const complete = found.flatMap(({ name, endpoint, reader }) => (endpoint === undefined || reader === undefined ? [] : [{ name, endpoint, reader }]));
    return complete.length === found.length ? complete : undefined;
  }
}

const retryMs = 5_000;

/** Peers leave a channel only with their volumes, so they may hold that of a former channel of this name. After an update of the configuration that does not show. */
function anotherLedger({ metadata: { name } }: Channel, state: ChannelState | undefined, genesis: Uint8Array | undefined): LedgerProof | undefined {
  if (state === undefined || genesis === undefined || state.block !== 0) return undefined;
  if (Buffer.compare(state.hash, decodeBlock(genesis).hash) === 0) return undefined;
  return { verdict: 'forked', message: `The peers hold the ledger of a former channel ${name}, with another first block. Delete their Nodes with their data and add others, or give the channel another name.` };
}

/** Same height, same last block. In a channel that is at work heights differ in any one moment, so they count only until it is ready. */
export function compare(shown: readonly Shown[], wasReady: boolean): LedgerProof {
  const byHeight = new Map<number, Shown>();
  for (const one of shown) {
    const other = byHeight.get(one.height) ?? one;
    if (other.hash !== one.hash) {
      return { verdict: 'forked', message: `Peers ${other.name} and ${one.name} have different blocks at height ${one.height}: do not use the channel and compare their ledgers.` };
    }
    byHeight.set(one.height, other);
  }
  const [first, second] = byHeight.values();
  if (first === undefined || second === undefined || wasReady) return { verdict: 'same' };
  return { verdict: 'apart', message: `Peer ${first.name} is at block ${first.height}, peer ${second.name} at ${second.height}.` };
}
