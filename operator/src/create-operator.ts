import { randomBytes } from 'node:crypto';
import type { Inspection } from '@guildhall/fabric';
import {
  createEventRecorder, createManager, refOfKey, silentLogger, systemClock,
  type Clock, type Controller, type Health, type KubernetesClient, type LeaderElector, type Logger, type Metrics, type Ref,
} from '@guildhall/kubernetes';
import { consortiumNamespace, fieldManagers, namespaceOwner, type Reason } from '@guildhall/resources';
import { createChannelController } from './channel/controller.ts';
import { createChannelMembershipController } from './channel-membership/controller.ts';
import { createInformers, refKey, type Informers } from './cluster/informers.ts';
import { createStatusWriter } from './cluster/status.ts';
import { createConsortiumController } from './consortium/controller.ts';
import type { OperatorContext } from './context.ts';
import { createContractController } from './contract/controller.ts';
import { createContractInstallationController } from './contract-installation/controller.ts';
import { createFabricPorts } from './fabric/ports.ts';
import { createMemberClients } from './identities/member-clients.ts';
import { createMemberController } from './member/controller.ts';
import { createHeights } from './monitor/heights.ts';
import { createMonitor } from './monitor/monitor.ts';
import { createNodeController } from './node/controller.ts';
import { sameInspection } from './node/observation.ts';
import { isReady } from './outcome.ts';
import type { FabricPorts } from './ports/fabric.ts';
import type { OperatorSettings } from './settings.ts';
import { createSigningRequests } from './signing/signing-requests.ts';

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
      const real = options.fabric === undefined ? createFabricPorts() : undefined;
      const fabric = options.fabric ?? real;
      if (fabric === undefined) throw new Error('there are no ports');
      const informers = createInformers(client, { clock, logger, ...(metrics ? { metrics } : {}) });
      const { context, controllers } = compose({ client, settings, clock, logger, informers, fabric, nonce: options.nonce ?? (() => randomBytes(24)), ...(metrics ? { metrics } : {}) });
      const manager = createManager({
        controllers,
        clock,
        logger,
        ...(options.leaderElection ? { leaderElection: options.leaderElection } : {}),
        ...(options.health ? { health: options.health } : {}),
      });
      try {
        await manager.run(signal);
      } finally {
        context.nodes.close();
        context.instances.close();
        real?.close();
      }
    },
  };
}

type Base = Pick<OperatorContext, 'client' | 'settings' | 'clock' | 'logger' | 'informers' | 'fabric' | 'nonce' | 'metrics'>;

/** The controllers, and what tells them of changes that no watch shows. */
function compose(base: Base): { context: OperatorContext; controllers: Controller[] } {
  const { client, clock, informers, logger } = base;
  const onError = (key: string, error: unknown): void => logger.error({ err: error, object: key }, 'looking at a process failed');
  const heights = createHeights(clock);
  const events = createEventRecorder<Reason>(client, fieldManagers.operator, { clock, logger, ...(base.metrics ? { metrics: base.metrics } : {}) });
  const context: OperatorContext = {
    ...base,
    clients: createMemberClients(client, informers.certificateRequests),
    signing: createSigningRequests(client, informers.signingRequests),
    statuses: createStatusWriter(client, clock, (object, notice) => events.record(object, notice)),
    heights,
    nodes: createMonitor<Inspection>({ clock, onError, same: sameInspection, onChange: (key, inspection) => onInspection(key, inspection) }),
    instances: createMonitor<{ healthy: boolean; why: string }>({
      clock,
      onError,
      same: (a, b) => a.healthy === b.healthy && a.why === b.why,
      onChange: (key) => concerned(informers.installations, refOfKey(key)).forEach((ref) => controllers.installations.enqueue(ref)),
    }),
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
  function onInspection(key: string, inspection: Inspection): void {
    const ref = refOfKey(key);
    const owner = namespaceOwner(ref.namespace ?? '');
    if (owner === undefined) return;
    const namespace = consortiumNamespace(owner.consortium);
    for (const { name, height } of inspection.channels) heights.saw(refKey({ namespace, name }), height);
    controllers.nodes.enqueue(ref);
    for (const membership of informers.memberships.list(ref.namespace)) {
      controllers.memberships.enqueue({ namespace: ref.namespace ?? '', name: membership.metadata.name });
      controllers.channels.enqueue(membership.spec.channel);
    }
    for (const installation of informers.installations.list(ref.namespace)) {
      if (!isReady(installation)) controllers.installations.enqueue({ namespace: ref.namespace ?? '', name: installation.metadata.name });
    }
    for (const contract of informers.contracts.list(namespace)) {
      if (!isReady(contract)) controllers.contracts.enqueue({ namespace, name: contract.metadata.name });
    }
  }

  return { context, controllers: Object.values(controllers) };
}

/** The installations whose instance this may be: its name begins with theirs. */
const concerned = (installations: Informers['installations'], instance: Ref): Ref[] =>
  installations.list(instance.namespace).flatMap(({ metadata: { name, namespace = '' } }) => (instance.name.startsWith(`${name}-`) ? [{ namespace, name }] : []));
