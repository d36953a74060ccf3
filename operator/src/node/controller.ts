import { createController, done, ensureFinalizer, keyOf, refOf, type Controller, type KubernetesObject, type Ref, type Result } from '@guildhall/kubernetes';
import { finalizer, labels, node as nodeKind, type Channel, type Node } from '@guildhall/resources';
import { discardRefused } from '../cluster/refusals.ts';
import { authoritiesOf, isCordoned, labelled, nothingOfStatus, on, ownersOf } from '../cluster/watches.ts';
import type { OperatorContext } from '../context.ts';
import { nodeNames } from '../names.ts';
import { waiting } from '../outcome.ts';
import { consentersOf, memberOf, type Membership } from '../references.ts';
import type { ClusterWord, Workload } from '../workload/cluster-words.ts';
import { applyNode, needsSecrets, workloadOf, type Work } from './apply.ts';
import { hasBegun } from './begun.ts';
import { decideNode, type NodeObserved, type NodePlan } from './decide.ts';
import { deleteNode } from './delete.ts';
import { createDisruptions } from './disruption/disruptions.ts';
import { withVerdict } from './disruption/verdict.ts';
import { nodeProbe } from './observation.ts';
import { acceptanceFault } from './outside/acceptance.ts';
import { tlsRoutes } from './outside/route.ts';
import { createRoutes } from './outside/routes.ts';
import { observeNode, requestsOf } from './observe.ts';
import { createNodeSecrets, type NodeSecrets } from './secrets.ts';
import { nodeEssence, nodeFindings } from './status.ts';
import { createTurns } from './turns.ts';
import { createVolumeGrowth } from './volume/growth.ts';
import { withdraw } from './workload/endpoints.ts';

interface Pass {
  node: Node;
  membership: Membership;
  requests: ReturnType<typeof requestsOf>;
  /** Why the volume may not grow. */
  refusal: string | undefined;
  word: ClusterWord | undefined;
}

const wayTimeoutMs = 3_000;
/** Nobody tells of a Secret that is gone, so it is asked for: twice a look, which is 7 requests a minute with 100 Nodes. */
const resyncMs = 30 * 60_000;

const nothing: NodeSecrets = { keys: undefined, hasCertificates: false };

interface Seen {
  observed: NodeObserved;
  plan: NodePlan;
}

export function createNodeController(context: OperatorContext): Controller {
  const { client, informers, settings, clock, heights, nodes, ways, acceptances, statuses } = context;
  const secrets = createNodeSecrets(client, clock);
  const turns = createTurns(context);
  const disruptions = createDisruptions(context);
  const growth = createVolumeGrowth(client, clock);

  const partsOf = ({ metadata: { name, namespace } }: Node): Workload => {
    const { pod, claim } = nodeNames(name);
    return { set: informers.statefulSets.get(namespace, name), pod: informers.pods.get(namespace, pod), claim: informers.claims.get(namespace, claim) };
  };
  const routes = createRoutes(client, clock);

  async function reconcile(ref: Ref): Promise<Result> {
    const node = informers.nodes.get(ref.namespace, ref.name);
    if (node === undefined) {
      nodes.forget(keyOf(ref));
      ways.forget(keyOf(ref));
      acceptances.forget(keyOf(ref));
      return done;
    }
    // First of all, and whatever becomes of the node: the pod stays for a moment only. What is wrong with that stops nothing, and is told then.
    const [withdrawn, settled] = await Promise.allSettled([withdraw(client, partsOf(node).pod), settle(node)]);
    if (settled.status === 'rejected') throw settled.reason;
    if (withdrawn.status === 'rejected') throw withdrawn.reason;
    return settled.value;
  }

  async function settle(node: Node): Promise<Result> {
    if (node.metadata.deletionTimestamp !== undefined) {
      secrets.forget(node);
      routes.forget(node);
      turns.forget(node);
      disruptions.forget(node);
      growth.forget(node);
      return deleteNode(context, node);
    }
    const found = memberOf(informers, node.metadata.namespace, node.spec.member);
    if ('outcome' in found) return statuses.write(nodeKind.type, node, found);
    return bringUp(node, found);
  }

  async function bringUp(cached: Node, membership: Membership): Promise<Result> {
    const requests = requestsOf(informers, cached);
    const begun = hasBegun(informers, cached);
    if (begun) turns.begun(cached);
    const givesWayMs = begun ? 0 : turns.givesWayMs(cached, membership.consortium);
    const claim = informers.claims.get(cached.metadata.namespace, nodeNames(cached.metadata.name).claim);
    const [node, found, refusal, word] = await Promise.all([
      ensureFinalizer(client, nodeKind.type, cached, finalizer),
      givesWayMs > 0 ? nothing : (secrets.recall(cached) ?? secrets.read(cached)),
      growth.ensure(cached, claim),
      context.words.of(partsOf(cached)),
    ]);
    await discardRefused(client, Object.values(requests), node);
    const pass: Pass = { node, membership, requests, refusal, word };
    if (givesWayMs > 0) return giveWay(pass, givesWayMs);
    return goOn(pass, found);
  }

  function look({ node, membership, requests, refusal, word }: Pass, known: NodeSecrets): Seen {
    const key = keyOf(refOf(node));
    const way = { found: ways.last(key), routeFault: routes.faultOf(node), notAccepted: acceptances.last(key) };
    const observed = observeNode(node, membership, known, requests, { informers, heights, inspection: nodes.last(key), refusal, word, exposure: settings.exposure, way, now: clock.now() });
    return { observed, plan: decideNode(observed) };
  }

  function publish({ node, membership }: Pass, { observed, plan: { outcome } }: Seen): Promise<Result> {
    const findings = nodeFindings(observed, membership.consortium, heights);
    // One that stops just now is behind a little later, without that anything changes.
    const told = outcome.kind === 'ready' && findings.channels?.some(({ lag }) => lag > 0) ? { ...outcome, afterMs: 1_000 } : outcome;
    return statuses.write(nodeKind.type, node, { outcome: told, findings, urgent: nodeEssence(node) });
  }

  const carryOut = ({ node, membership }: Pass, { observed, plan }: Seen, live: NodeSecrets['live'], work?: Work): Promise<string | undefined> =>
    applyNode({ ...context, node, ...membership, gossip: observed.gossip, routes, onKeys: (keys) => secrets.made(node, keys) }, live, plan, observed.outside, work);

  async function workOf({ node, membership }: Pass, { observed: { gossip }, plan: { workload } }: Seen): Promise<Work | undefined> {
    if (workload === undefined) return undefined;
    const wanted = workloadOf({ ...context, node, ...membership, gossip }, workload);
    return { wanted, verdict: await disruptions.ask(node, membership, wanted) };
  }

  /** Its address is wanted already: it stands in the channel's first block. */
  async function giveWay(pass: Pass, forMs: number): Promise<Result> {
    const { observed, plan } = look(pass, nothing);
    const outcome = plan.outcome.kind === 'stalled' ? plan.outcome : waiting('WaitingForNode', pass.node.spec.role === 'peer' ? "The consortium's orderers start first." : "The orderer that begins its channel's first election starts first.", forMs);
    const announced: Seen = { observed, plan: { createKeys: false, request: [], outcome } };
    const [result] = await Promise.all([publish(pass, announced), carryOut(pass, announced, undefined)]);
    return result;
  }

  async function goOn(pass: Pass, found: NodeSecrets): Promise<Result> {
    const { node } = pass;
    let known = found;
    let seen = look(pass, known);
    // A channel's first block waits for every orderer's certificates, and pods that begin keep a small machine busy: they come with the next pass.
    if (node.spec.role === 'orderer' && seen.plan.workload !== undefined && !hasCertificates(node)) return publish(pass, seen);
    const waitsMs = mayWait(pass, seen);
    if (waitsMs > 0) return publish(pass, { ...seen, plan: { ...seen.plan, outcome: waiting('WaitingForNode', "The channel's election needs others: they start first.", waitsMs) } });
    if (known.live === undefined && needsSecrets(seen.plan, (digest) => secrets.isSettled(node, digest))) {
      known = await secrets.read(node);
      seen = look(pass, known);
    }
    watchProcess(seen.observed);
    watchWay(seen.observed);
    watchRoute(seen.observed);
    const work = await workOf(pass, seen);
    const told = work === undefined ? seen : { ...seen, plan: { ...seen.plan, outcome: withVerdict(seen.plan.outcome, work.verdict) } };
    const [result] = await Promise.all([publish(pass, told), carryOut(pass, seen, known.live, work).then((digest) => digest && secrets.settled(node, digest))]);
    return result;
  }

  /** Milliseconds; 0 for everything but the pod of an orderer that has not been made yet and that nobody waits for. */
  function mayWait({ node, membership }: Pass, { plan }: Seen): number {
    const { name, namespace } = node.metadata;
    if (node.spec.role !== 'orderer' || plan.workload === undefined || informers.statefulSets.get(namespace, name) !== undefined) return 0;
    return turns.sparePodWaitsMs(node, membership.consortium);
  }

  /** A process is asked for as long as it runs; another process is another life, of which nothing is known yet. */
  function watchProcess({ node, pod, addresses }: NodeObserved): void {
    const key = keyOf(refOf(node));
    if (pod.kind !== 'running' || addresses === undefined) nodes.forget(key);
    else nodes.watch(key, `${pod.instance} ${addresses.operationsEndpoint}`, nodeProbe(context.fabric, node.spec.role, { url: `http://${addresses.operationsEndpoint}` }));
  }

  /** While the node itself is not well, the way to it proves nothing. */
  function watchWay({ node, health, outside, certificates }: NodeObserved): void {
    const key = keyOf(refOf(node));
    const shown = certificates.tls.certificate;
    if (outside === undefined || 'lacking' in outside || outside.port === undefined || shown === undefined || health.state !== 'Healthy') return ways.forget(key);
    const target = { host: outside.host, port: outside.port, certificate: shown.fingerprint };
    ways.watch(key, JSON.stringify(target), (signal) => context.fabric.ways.preflight(target, { timeoutMs: wayTimeoutMs, signal }));
  }

  function watchRoute({ node, health, outside }: NodeObserved): void {
    const key = keyOf(refOf(node));
    const gateway = settings.exposure?.gateway;
    if (node.spec.exposure !== 'Gateway' || gateway === undefined || outside === undefined || 'lacking' in outside || health.state !== 'Healthy') return acceptances.forget(key);
    const began = clock.monotonic();
    acceptances.watch(key, JSON.stringify([gateway, outside.host]), async (signal) => {
      // Then it counts for nothing, and at rest the server is not to be asked for it.
      if (ways.last(key)?.reached === true) return undefined;
      const route = await client.withSignal(signal).get(tlsRoutes(gateway.version), refOf(node));
      return route && acceptanceFault(route, gateway, clock.monotonic() - began);
    });
  }

  const ofNamespace = (object: KubernetesObject): Ref[] => informers.nodes.list(object.metadata.namespace).map(refOf);
  const orderersOf = (channel: Channel): Ref[] => informers.consortia.list(channel.metadata.namespace).flatMap((consortium) => consentersOf(channel, consortium).map(({ ref }) => ref));
  const ofOwner = ownersOf('Node');
  const ofLabel = labelled(labels.node);

  return createController({
    name: 'node',
    type: nodeKind.type,
    informer: informers.nodes,
    watches: [
      on(informers.members, ofNamespace, authoritiesOf),
      on(informers.consortia, ({ spec }) => spec.members.flatMap(({ namespace }) => informers.nodes.list(namespace).map(refOf)), nothingOfStatus),
      on(informers.certificateRequests, ofOwner),
      on(informers.memberships, ofNamespace, nothingOfStatus),
      // With a leader it is the turn of the other orderers.
      on(informers.channels, orderersOf, ({ status }) => status?.leader !== undefined),
      // A node that is being deleted waits until no contract counts on it.
      on(informers.installations, (installation) => ofNamespace(installation).filter(({ namespace, name }) => informers.nodes.get(namespace, name)?.metadata.deletionTimestamp !== undefined), nothingOfStatus),
      on(informers.services, ofOwner),
      on(informers.configMaps, ofOwner),
      on(informers.statefulSets, ofOwner),
      on(informers.pods, ofLabel),
      on(informers.claims, ofLabel),
      on(informers.budgets, ofOwner, nothingOfStatus),
      on(informers.machines, (machine) => informers.pods.list().filter(({ spec }) => spec.nodeName === machine.metadata.name).flatMap(ofLabel), isCordoned),
    ],
    concurrency: 8,
    resyncMs,
    reconcile: statuses.telling(nodeKind.type, informers.nodes, reconcile),
    clock,
    logger: context.logger,
    ...(context.metrics ? { metrics: context.metrics } : {}),
  });
}

const hasCertificates = ({ status }: Node): boolean => (status?.certificates?.length ?? 0) === 2;
