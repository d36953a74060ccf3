import { randomBytes } from 'node:crypto';
import type { Inspection, Preflight } from '@guildhall/fabric';
import {
  createEventRecorder, createManager, refOf, refOfKey, silentLogger, systemClock,
  type Clock, type Controller, type EventRecorder, type Health, type Informer, type KubernetesClient, type KubernetesObject, type LeaderElector, type Logger, type Metrics, type Ref,
} from '@guildhall/kubernetes';
import { clientIdentity, consortiumNamespace, fieldManagers, kinds, namespaceOwner, type Consortium, type Reason } from '@guildhall/resources';
import { createChannelController } from './channel/controller.ts';
import { createChannelMembershipController } from './channel-membership/controller.ts';
import { leavingOutUndeclared } from './cluster/declared-status.ts';
import { createInformers, type Informers } from './cluster/informers.ts';
import { createDefinitions, type Definitions } from './cluster/definitions.ts';
import { createStatusWriter } from './cluster/status.ts';
import { createTellingStatuses } from './cluster/telling-statuses.ts';
import { createConsortiumController } from './consortium/controller.ts';
import type { OperatorContext } from './context.ts';
import { createContractController } from './contract/controller.ts';
import { createContractInstallationController } from './contract-installation/controller.ts';
import { createSubmissions } from './contract-installation/submissions.ts';
import { createFabricPorts } from './fabric/ports.ts';
import { createMemberClients } from './identities/member-clients.ts';
import { createMemberController } from './member/controller.ts';
import { createHeights } from './monitor/heights.ts';
import { createMonitor } from './monitor/monitor.ts';
import { createNodeController } from './node/controller.ts';
import { sameInspection } from './node/observation.ts';
import { channelKey } from './node/observe.ts';
import { isInstanceOf } from './names.ts';
import type { FabricPorts, InstanceInspection } from './ports/fabric.ts';
import type { OperatorSettings } from './settings.ts';
import { createSigningRequests } from './signing/signing-requests.ts';
import { createClusterWords } from './workload/cluster-words.ts';

export interface OperatorOptions {
  /** With the rights of the operator's role; field manager `guildhall-operator`. */
  client: KubernetesClient;
  settings: OperatorSettings;
  clock?: Clock;
  /** 24 bytes that were never used before. */
  nonce?: () => Uint8Array;
  logger?: Logger;
  metrics?: Metrics;
  health?: Health;
  /** Without it, this process works at once: only where no other operator can run. */
  leaderElection?: LeaderElector;
  /** Without it, real nodes. */
  fabric?: FabricPorts;
}

export interface Operator {
  /** Works until the signal is aborted. Rejects when its lease is lost: the process must exit. */
  run(signal: AbortSignal): Promise<void>;
}

export function createOperator(options: OperatorOptions): Operator {
  const { client, settings, clock = systemClock, logger = silentLogger, metrics } = options;
  return {
    async run(signal) {
      const fabric: FabricPorts & { close?(): void } = options.fabric ?? createFabricPorts();
      const informers = createInformers(client, { clock, logger, ...(metrics ? { metrics } : {}) });
      const definitions = createDefinitions({ client, clock, logger, health: options.health }, readKinds, (kind) => wake(kind));
      const { context, controllers, events, wake } = compose({ client, settings, clock, logger, informers, definitions, fabric, nonce: options.nonce ?? (() => randomBytes(24)), ...(metrics ? { metrics } : {}) });
      const manager = createManager({
        controllers,
        clock,
        logger,
        ...(options.leaderElection ? { leaderElection: options.leaderElection } : {}),
        ...(options.health ? { health: options.health } : {}),
      });
      const ended = new AbortController();
      const following = definitions.follow(AbortSignal.any([signal, ended.signal]));
      try {
        await manager.run(signal);
      } finally {
        ended.abort();
        await following;
        context.nodes.close();
        context.ways.close();
        context.acceptances.close();
        context.instances.close();
        context.approvals.close();
        events.close();
        if (options.fabric === undefined) fabric.close?.();
      }
    },
  };
}

type Base = Pick<OperatorContext, 'client' | 'settings' | 'clock' | 'logger' | 'informers' | 'fabric' | 'nonce' | 'metrics'> & { definitions: Definitions };

const readKinds = kinds.filter((kind) => kind !== clientIdentity);

/** Names, gateways and firewalls change seldom, and what is on the way belongs to others. */
const wayPace = { firstMs: 1_000, steadyMs: 20_000 };

/** The controllers, and what tells them of changes that no watch shows. */
function compose(base: Base): { context: OperatorContext; controllers: Controller[]; events: EventRecorder<Reason>; wake(kind: string): void } {
  const { client, clock, informers, logger } = base;
  const onError = (key: string, error: unknown): void => logger.error({ err: error, object: key }, 'looking at a process failed');
  const heights = createHeights(clock);
  const events = createEventRecorder<Reason>(client, fieldManagers.operator, { clock, logger, ...(base.metrics ? { metrics: base.metrics } : {}) });
  const context: OperatorContext = {
    ...base,
    clients: createMemberClients(client, informers.certificateRequests, ({ metadata: { namespace = '' } }) => onCredentials(namespace)),
    signing: createSigningRequests(client, informers.signingRequests),
    statuses: createTellingStatuses(createStatusWriter(leavingOutUndeclared(client, clock, logger), clock, (object, notice) => events.record(object, notice)), base.definitions),
    words: createClusterWords(client, clock, logger),
    heights,
    nodes: createMonitor<Inspection>({ clock, onError, same: sameInspection, isWell: ({ healthy }) => healthy, onChange: onInspection }),
    ways: createMonitor<Preflight>({
      clock,
      onError,
      ...wayPace,
      same: (a, b) => JSON.stringify(a) === JSON.stringify(b),
      onChange: (key) => controllers.nodes.enqueue(refOfKey(key)),
    }),
    acceptances: createMonitor<string | undefined>({
      clock,
      onError: (key, error) => logger.warn({ err: error, object: key }, 'what gateways say of a route could not be read'),
      ...wayPace,
      same: Object.is,
      onChange: (key) => controllers.nodes.enqueue(refOfKey(key)),
    }),
    instances: createMonitor<InstanceInspection>({
      clock,
      onError,
      same: (a, b) => a.healthy === b.healthy && a.why === b.why,
      isWell: ({ healthy }) => healthy,
      onChange: (key) => concerned(informers.installations, refOfKey(key)).forEach((ref) => controllers.installations.enqueue(ref)),
    }),
    approvals: createSubmissions(clock, (installation) => onSubmissionEnd(refOfKey(installation))),
  };
  const controllers = {
    consortia: createConsortiumController(context),
    members: createMemberController(context),
    nodes: createNodeController(context),
    channels: createChannelController(context),
    memberships: createChannelMembershipController(context),
    contracts: createContractController(context),
    installations: createContractInstallationController(context),
  };

  /** What a node shows of itself concerns its own status, and those of the channels that it is to be in. */
  function onInspection(key: string, inspection: Inspection, before: Inspection | undefined): void {
    const ref = refOfKey(key);
    const owner = namespaceOwner(ref.namespace ?? '');
    if (owner === undefined) return;
    const namespace = consortiumNamespace(owner.consortium);
    const consortium = informers.consortia.get(namespace, owner.consortium);
    if (consortium !== undefined) for (const { name, height } of inspection.channels) heights.saw(channelKey(consortium, name), height);
    controllers.nodes.enqueue(ref);
    for (const { spec } of informers.memberships.list(ref.namespace)) controllers.channels.enqueue(spec.channel);
    // Another block concerns nobody else.
    if (before !== undefined && essenceOf(before) === essenceOf(inspection)) return;
    wakeMember(ref.namespace ?? '', namespace);
    const isOrderer = informers.nodes.get(ref.namespace, ref.name)?.spec.role === 'orderer';
    if (isOrderer && consortium !== undefined && before?.contact !== inspection.contact) wakeWaiting(consortium);
  }

  /** All members' new peers let orderers go first, and all members' orderers join a new channel together. */
  function wakeWaiting({ spec }: Consortium): void {
    for (const { namespace } of spec.members) {
      for (const { metadata } of informers.nodes.list(namespace)) controllers.nodes.enqueue({ namespace, name: metadata.name });
      for (const { metadata } of informers.memberships.list(namespace)) controllers.memberships.enqueue({ namespace, name: metadata.name });
    }
  }

  /** An approval that is on the ledger can be read there before the installation's status tells of it. */
  function onSubmissionEnd(ref: Ref): void {
    controllers.installations.enqueue(ref);
    const contract = informers.installations.get(ref.namespace, ref.name)?.spec.contract;
    if (contract !== undefined) controllers.contracts.enqueue(contract);
  }

  /** With its own certificates the operator can ask orderers, read ledgers and commit. */
  function onCredentials(namespace: string): void {
    const owner = namespaceOwner(namespace);
    if (owner === undefined) return;
    for (const { metadata } of informers.nodes.list(namespace)) controllers.nodes.enqueue({ namespace, name: metadata.name });
    wakeMember(namespace, consortiumNamespace(owner.consortium));
  }

  function wakeMember(member: string, consortium: string): void {
    for (const { metadata, spec } of informers.memberships.list(member)) {
      controllers.memberships.enqueue({ namespace: member, name: metadata.name });
      controllers.channels.enqueue(spec.channel);
    }
    for (const { metadata } of informers.installations.list(member)) controllers.installations.enqueue({ namespace: member, name: metadata.name });
    for (const { metadata } of informers.contracts.list(consortium)) controllers.contracts.enqueue({ namespace: consortium, name: metadata.name });
  }

  /** All objects of a kind. */
  function wake(kind: string): void {
    for (const [name, controller] of Object.entries(controllers)) {
      const informer: Informer<KubernetesObject> = informers[name as keyof typeof controllers];
      if (informer.type.kind === kind) for (const object of informer.list()) controller.enqueue(refOf(object));
    }
  }

  return { context, controllers: Object.values(controllers), events, wake };
}

/** What a node shows but for heights. */
const essenceOf = ({ healthy, contact, channels }: Inspection): string =>
  JSON.stringify([healthy, contact, channels.map(({ name, relation, status, leader }) => [name, relation, status, leader])]);

/** The installation whose instance this is. */
const concerned = (installations: Informers['installations'], instance: Ref): Ref[] =>
  installations.list(instance.namespace).flatMap(({ metadata: { name, namespace = '' } }) => (isInstanceOf(instance.name, name) ? [{ namespace, name }] : []));
