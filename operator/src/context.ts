import type { Inspection, Preflight } from '@guildhall/fabric';
import type { Clock, KubernetesClient, Logger, Metrics } from '@guildhall/kubernetes';
import type { Informers } from './cluster/informers.ts';
import type { TellingStatuses } from './cluster/telling-statuses.ts';
import type { Submissions } from './contract-installation/submissions.ts';
import type { Attempted } from './fabric-problem.ts';
import type { MemberClients } from './identities/member-clients.ts';
import type { Heights } from './monitor/heights.ts';
import type { Monitor } from './monitor/monitor.ts';
import type { FabricPorts, InstanceInspection } from './ports/fabric.ts';
import type { OperatorSettings } from './settings.ts';
import type { SigningRequests } from './signing/signing-requests.ts';
import type { ClusterWords } from './workload/cluster-words.ts';

/** What all controllers share; made once. */
export interface OperatorContext {
  client: KubernetesClient;
  informers: Informers;
  settings: OperatorSettings;
  clock: Clock;
  logger: Logger;
  metrics?: Metrics;
  /** 24 bytes that were never used before. */
  nonce(): Uint8Array;
  fabric: FabricPorts;
  clients: MemberClients;
  signing: SigningRequests;
  statuses: TellingStatuses;
  words: ClusterWords;
  nodes: Monitor<Inspection>;
  heights: Heights;
  /** From outside, by node. */
  ways: Monitor<Preflight>;
  /** Why gateways do not take routes, by node. */
  acceptances: Monitor<string | undefined>;
  instances: Monitor<InstanceInspection>;
  /** Of contract installations. */
  approvals: Submissions<Attempted<void>>;
}
