import { ConfigError } from '@guildhall/fabric';
import { AgreementError } from '@guildhall/agreement';
import { createController, done, ensureFinalizer, refOf, type Controller, type KubernetesObject, type Ref, type Result } from '@guildhall/kubernetes';
import { channel as channelKind, consortiumNamespace, finalizer, labels, namespaceOwner, type Channel, type Consortium } from '@guildhall/resources';
import type { Findings } from '../cluster/status.ts';
import { authoritiesOf, endpointsOf, labelled, nothingOfStatus, on } from '../cluster/watches.ts';
import type { OperatorContext } from '../context.ts';
import { genesisName } from '../names.ts';
import { channelKey } from '../node/observe.ts';
import { stalled, waiting, type Outcome, type Problem } from '../outcome.ts';
import { admittedMembers, consortiumOf } from '../references.ts';
import { decideChannel, type ChannelObserved } from './decide.ts';
import { deleteChannel } from './delete.ts';
import { gatherAgreement, partiesOf, type Party } from './gather.ts';
import { blockDigest, blockOf, genesisBlock, storeGenesis } from './genesis.ts';
import { invalidChannel } from './invalid.ts';
import { consenterViews, peerViews } from './progress.ts';
import { createProofs } from './proofs.ts';

type ChannelStatus = NonNullable<Channel['status']>;

export function createChannelController(context: OperatorContext): Controller {
  const { client, informers, clock, statuses } = context;

  /** First blocks that were just stored, by the channel's uid: the cache shows them a moment later. */
  const made = new Map<string, Uint8Array>();
  const proofs = createProofs(context);

  async function reconcile(ref: Ref, signal: AbortSignal): Promise<Result> {
    const cached = informers.channels.get(ref.namespace, ref.name);
    if (cached === undefined) return done;
    if (cached.metadata.deletionTimestamp !== undefined) {
      made.delete(cached.metadata.uid ?? '');
      proofs.forget(cached);
      return deleteChannel(context, cached, signal);
    }
    const consortium = consortiumOf(informers, ref.namespace);
    if (consortium === undefined) return report(cached, waiting('WaitingForReference', `There is no Consortium in namespace ${ref.namespace ?? ''} yet.`));
    const members = admittedMembers(informers, consortium);
    const invalid = invalidChannel(cached, consortium, members);
    if (invalid !== undefined) return report(cached, invalid);
    const channel = await ensureFinalizer(client, channelKind.type, cached, finalizer);
    const parties = partiesOf(informers, channel, consortium, members);
    const genesis = await ensureGenesis(channel, consortium, parties);
    if ('outcome' in genesis) return report(channel, genesis.outcome, progressOf(channel, consortium, parties).findings);
    return follow({ channel, consortium, parties, genesis, signal });
  }

  function report(channel: Channel, outcome: Outcome, findings?: Findings<ChannelStatus>): Promise<Result> {
    return statuses.write(channelKind.type, channel, { outcome, ...(findings === undefined ? {} : { findings }), urgent: ({ genesisDigest, leader }) => [genesisDigest, leader] });
  }

  /** What the ConfigMap for the first block holds; undefined when there is none. */
  function storedGenesis(channel: Channel): Genesis | { outcome: Outcome } | undefined {
    const { uid = '', name, namespace } = channel.metadata;
    const held = informers.configMaps.get(namespace, genesisName(name));
    const justMade = made.get(uid);
    if (held === undefined) return justMade && genesisOf(justMade);
    const kept = blockOf(held, channel);
    const known = channel.status?.genesisDigest;
    if (kept === undefined) return known === undefined ? { outcome: formerBlock(channel) } : { digest: known, lost: genesisLost(channel, known) };
    made.delete(uid);
    return genesisOf(kept);
  }

  /** The first block, made when everything for it is there; or what is missing. */
  async function ensureGenesis(channel: Channel, consortium: Consortium, parties: readonly Party[]): Promise<Genesis | { outcome: Outcome }> {
    const stored = storedGenesis(channel);
    if (stored !== undefined) return stored;
    const known = channel.status?.genesisDigest;
    if (known !== undefined) return remakeGenesis(channel, consortium, parties, known);
    const decision = decideChannel({ parties, genesis: 'missing', consenters: [], peers: [], proof: undefined });
    if (decision.kind === 'done' && decision.outcome.kind === 'waiting' && decision.outcome.reason === 'WaitingForConsent') return { outcome: decision.outcome };
    const gathered = gatherAgreement(informers, channel, consortium, parties);
    if ('missing' in gathered) return { outcome: gathered.missing };
    try {
      return await keepGenesis(channel, genesisBlock(channel, gathered.agreed));
    } catch (error) {
      if (error instanceof ConfigError || error instanceof AgreementError) return { outcome: stalled('InvalidSpec', error.message) };
      throw error;
    }
  }

  async function keepGenesis(channel: Channel, block: Uint8Array): Promise<Genesis | { outcome: Outcome }> {
    const stored = blockOf(await storeGenesis(client, channel, block), channel);
    if (stored === undefined) return { outcome: formerBlock(channel) };
    made.set(channel.metadata.uid ?? '', stored);
    return genesisOf(stored);
  }

  /** Somebody took the block of a channel that exists. The same facts give the same bytes; other bytes would be another ledger. */
  async function remakeGenesis(channel: Channel, consortium: Consortium, parties: readonly Party[], digest: string): Promise<Genesis | { outcome: Outcome }> {
    const gathered = gatherAgreement(informers, channel, consortium, parties);
    const block = 'missing' in gathered ? undefined : genesisBlock(channel, gathered.agreed);
    return block !== undefined && blockDigest(block) === digest ? keepGenesis(channel, block) : { digest, lost: genesisLost(channel, digest) };
  }

  interface Following {
    channel: Channel;
    consortium: Consortium;
    parties: readonly Party[];
    genesis: Genesis;
    signal: AbortSignal;
  }

  async function follow({ channel, consortium, parties, genesis, signal }: Following): Promise<Result> {
    const { views, findings } = progressOf(channel, consortium, parties);
    const observed: ChannelObserved = { parties, genesis: 'made', ...views, proof: undefined };
    let decision = decideChannel(observed);
    if (decision.kind === 'prove') {
      const proof = await proofs.prove({ channel, parties, genesis: genesis.block, signal });
      decision = 'outcome' in proof ? { kind: 'done', outcome: proof.outcome } : decideChannel({ ...observed, proof });
    }
    const outcome = decision.kind === 'done' ? decision.outcome : waiting('Progressing', 'The ledgers are being compared.');
    // A peer that stops just now is behind a little later, without that anything changes.
    const highest = context.heights.highest(channelKey(consortium, channel.metadata.name));
    const apart = views.peers.some(({ height = 0 }) => height < highest);
    const afterMs = apart ? Math.min(1_000, proofs.againAfterMs(channel)) : proofs.againAfterMs(channel);
    const told: Outcome = outcome.kind === 'ready' ? { ...outcome, afterMs, ...(genesis.lost ? { degraded: genesis.lost } : {}) } : outcome;
    return report(channel, told, { ...findings, configSequence: proofs.configSequence(channel), genesisDigest: genesis.digest });
  }

  function progressOf(channel: Channel, consortium: Consortium, parties: readonly Party[]) {
    const consenters = consenterViews(context, channel, consortium);
    const peers = peerViews(context, channel, consortium, parties);
    const height = context.heights.highest(channelKey(consortium, channel.metadata.name)) || channel.status?.height;
    const leader = consenters.find(({ leads }) => leads);
    const findings: Findings<ChannelStatus> = {
      height,
      genesisDigest: channel.status?.genesisDigest,
      leader: leader && `${leader.member}/${leader.node}`,
      consenters: consenters.map(({ member, node, joined, height: own }) => ({
        member,
        node,
        endpoint: informers.nodes.get(namespaceOf(consortium, member), node)?.status?.endpoint,
        joined,
        height: own,
      })),
      members: parties.map(({ name, consent }) => {
        const own = peers.filter(({ member }) => member === name);
        const heights = own.flatMap((peer) => peer.height ?? []);
        return {
          name,
          consented: consent === 'given',
          peers: own.length,
          peersJoined: own.filter(({ joined }) => joined).length,
          height: heights.length === 0 ? undefined : Math.min(...heights),
        };
      }),
    };
    return { views: { consenters, peers }, findings };
  }

  const ofConsortium = ({ metadata: { namespace } }: KubernetesObject): Ref[] => informers.channels.list(namespace).map(refOf);
  const ofMember = ({ metadata: { namespace } }: KubernetesObject): Ref[] => {
    const owner = namespaceOwner(namespace ?? '');
    return owner === undefined ? [] : informers.channels.list(consortiumNamespace(owner.consortium)).map(refOf);
  };

  return createController({
    name: 'channel',
    type: channelKind.type,
    informer: informers.channels,
    watches: [
      on(informers.consortia, ofConsortium, nothingOfStatus),
      on(informers.members, ofMember, authoritiesOf),
      on(informers.nodes, ofMember, (node) => [endpointsOf(node), node.status?.certificates?.map(({ sha256 }) => sha256), node.status?.health?.message]),
      on(informers.memberships, ({ spec }) => [spec.channel], ({ status }) => status?.peers),
      on(informers.contracts, ({ metadata: { namespace = '' }, spec }) => [{ namespace, name: spec.channel }], nothingOfStatus),
      on(informers.configMaps, labelled(labels.channel)),
    ],
    concurrency: 4,
    reconcile: statuses.telling(channelKind.type, informers.channels, (ref, { signal }) => reconcile(ref, signal)),
    clock,
    logger: context.logger,
    ...(context.metrics ? { metrics: context.metrics } : {}),
  });
}

/** `lost`: the block cannot be had any more, so that no other node can join; those that have joined do not need it. */
interface Genesis {
  digest: string;
  block?: Uint8Array;
  lost?: Problem;
}

const genesisOf = (block: Uint8Array): Genesis => ({ digest: blockDigest(block), block });

const formerBlock = ({ metadata: { name } }: Channel): Outcome =>
  waiting('WaitingForGenesis', `ConfigMap ${genesisName(name)} holds what is not this channel's first block. That of a former channel goes by itself; if it stays, delete it.`, 1000);

const genesisLost = ({ metadata: { name } }: Channel, digest: string): Problem => ({
  reason: 'GenesisMissing',
  message: `ConfigMap ${genesisName(name)} does not hold the channel's first block (${digest}) any more, and it cannot be made again as it was: no other node can join. Restore the ConfigMap from a backup.`,
});

const namespaceOf = (consortium: Consortium, member: string): string => consortium.spec.members.find(({ name }) => name === member)?.namespace ?? '';
