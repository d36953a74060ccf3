import { ConfigError } from '@guildhall/fabric';
import { AgreementError } from '@guildhall/agreement';
import { createController, done, ensureFinalizer, refOf, type Controller, type KubernetesObject, type Ref, type Result } from '@guildhall/kubernetes';
import { channel as channelKind, consortiumNamespace, finalizer, labels, namespaceOwner, type Channel, type Consortium } from '@guildhall/resources';
import type { Findings } from '../cluster/status.ts';
import { authoritiesOf, endpointsOf, labelled, nothingOfStatus, on } from '../cluster/watches.ts';
import type { OperatorContext } from '../context.ts';
import { attempt } from '../fabric-problem.ts';
import { genesisName } from '../names.ts';
import { channelKey } from '../node/observe.ts';
import { isReady, stalled, waiting, type Outcome } from '../outcome.ts';
import { admittedMembers } from '../references.ts';
import { decideChannel, type ChannelObserved } from './decide.ts';
import { deleteChannel } from './delete.ts';
import { gatherAgreement, partiesOf, type Party } from './gather.ts';
import { blockDigest, blockOf, genesisBlock, storeGenesis } from './genesis.ts';
import { invalidChannel } from './invalid.ts';
import { consenterViews, peerViews, proveLedger } from './progress.ts';

type ChannelStatus = NonNullable<Channel['status']>;

export function createChannelController(context: OperatorContext): Controller {
  const { client, informers, clock, statuses } = context;

  /** First blocks that were just stored, by the channel's uid: the cache shows them a moment later. */
  const made = new Map<string, string>();

  async function reconcile(ref: Ref, signal: AbortSignal): Promise<Result> {
    const cached = informers.channels.get(ref.namespace, ref.name);
    if (cached === undefined) return done;
    if (cached.metadata.deletionTimestamp !== undefined) return deleteChannel(context, cached, signal);
    const consortium = informers.consortia.list(ref.namespace)[0];
    if (consortium === undefined) return report(cached, waiting('WaitingForReference', `There is no Consortium in namespace ${ref.namespace ?? ''} yet.`));
    const members = admittedMembers(informers, consortium);
    const invalid = invalidChannel(cached, consortium, members);
    if (invalid !== undefined) return report(cached, invalid);
    const channel = await ensureFinalizer(client, channelKind.type, cached, finalizer);
    const parties = partiesOf(informers, channel, consortium, members);
    const genesis = await ensureGenesis(channel, consortium, parties);
    if ('outcome' in genesis) return report(channel, genesis.outcome, progressOf(channel, consortium, parties).findings);
    return follow({ channel, consortium, parties, genesisDigest: genesis.digest, signal });
  }

  function report(channel: Channel, outcome: Outcome, findings?: Findings<ChannelStatus>): Promise<Result> {
    return statuses.write(channelKind.type, channel, { outcome, ...(findings === undefined ? {} : { findings }), urgent: ({ genesisDigest, leader }) => [genesisDigest, leader] });
  }

  /** The digest of the first block, made when everything for it is there; or what is missing. */
  async function ensureGenesis(channel: Channel, consortium: Consortium, parties: readonly Party[]): Promise<{ digest: string } | { outcome: Outcome }> {
    const kept = blockOf(informers.configMaps.get(channel.metadata.namespace, genesisName(channel.metadata.name)));
    if (kept !== undefined) {
      made.delete(channel.metadata.uid ?? '');
      return { digest: blockDigest(kept) };
    }
    const justMade = made.get(channel.metadata.uid ?? '');
    if (justMade !== undefined) return { digest: justMade };
    const decision = decideChannel({ parties, genesis: 'missing', consenters: [], peers: [], proof: undefined });
    if (decision.kind === 'done' && decision.outcome.kind === 'waiting' && decision.outcome.reason === 'WaitingForConsent') return { outcome: decision.outcome };
    const gathered = gatherAgreement(informers, channel, consortium, parties);
    if ('missing' in gathered) return { outcome: gathered.missing };
    try {
      const stored = blockOf(await storeGenesis(client, channel, genesisBlock(channel, gathered.agreed)));
      if (stored === undefined) return { outcome: stalled('InvalidSpec', `ConfigMap ${genesisName(channel.metadata.name)} holds no block: delete it, and it is made again.`) };
      made.set(channel.metadata.uid ?? '', blockDigest(stored));
      return { digest: blockDigest(stored) };
    } catch (error) {
      if (error instanceof ConfigError || error instanceof AgreementError) return { outcome: stalled('InvalidSpec', error.message) };
      throw error;
    }
  }

  interface Following {
    channel: Channel;
    consortium: Consortium;
    parties: readonly Party[];
    genesisDigest: string;
    signal: AbortSignal;
  }

  async function follow({ channel, consortium, parties, genesisDigest, signal }: Following): Promise<Result> {
    const { views, findings } = progressOf(channel, consortium, parties);
    const observed: ChannelObserved = { parties, genesis: 'made', ...views, proof: isReady(channel) ? { agree: true } : undefined };
    let decision = decideChannel(observed);
    if (decision.kind === 'prove') {
      const proved = await attempt(() => proveLedger(context, channel, parties, signal));
      if ('failed' in proved) return report(channel, proved.failed, { ...findings, genesisDigest });
      if (proved.result === undefined) return report(channel, waiting('WaitingForCertificate', "Waiting for the operator's own certificates, with which it reads the ledgers."), { ...findings, genesisDigest });
      decision = decideChannel({ ...observed, proof: proved.result });
    }
    const outcome = decision.kind === 'done' ? decision.outcome : waiting('Progressing', 'The ledgers are being compared.');
    return report(channel, outcome, { ...findings, genesisDigest });
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
    reconcile: (ref, { signal }) => reconcile(ref, signal),
    clock,
    logger: context.logger,
    ...(context.metrics ? { metrics: context.metrics } : {}),
  });
}

const namespaceOf = (consortium: Consortium, member: string): string => consortium.spec.members.find(({ name }) => name === member)?.namespace ?? '';
