import { AgreementError } from '@guildhall/agreement';
import { PackageError, PolicyError } from '@guildhall/fabric';
import { createController, done, keyOf, refOf, refOfKey, type Controller, type KubernetesObject, type Ref, type Result } from '@guildhall/kubernetes';
import { codeDigest, contractInstallation, labels, type Channel, type Contract, type ContractInstallation } from '@guildhall/resources';
import { joinedPeers, ordererRoute } from '../channel/route.ts';
import { refKey } from '../cluster/informers.ts';
import type { Findings } from '../cluster/status.ts';
import { authoritiesOf, endpointsOf, labelled, nothingOfStatus, on, ownersOf } from '../cluster/watches.ts';
import type { OperatorContext } from '../context.ts';
import { instanceName, isInstanceOf } from '../names.ts';
import { isReady, stalled, stallOf, waiting, type Outcome } from '../outcome.ts';
import { memberOf, type Membership } from '../references.ts';
import { approve } from './approve.ts';
import { removeFormerInstances } from './clean-up.ts';
import { publishAddress } from './connection.ts';
import { installationOutcome, isCommitted, refusedInstallation } from './decide.ts';
import { installOn, packageOf, type Step } from './install.ts';
import { createInstanceRunner, type RunningInstance } from './run-instance.ts';

type InstallationStatus = NonNullable<ContractInstallation['status']>;

interface Pass extends Step, Membership {
  channel: Channel | undefined;
  packageId: string;
  label: string;
}

const lostAfterMs = 10_000;

interface Installed {
  on: string[];
  obstacles: (Outcome | undefined)[];
}

export function createContractInstallationController(context: OperatorContext): Controller {
  const { informers, instances, nodes, signing, statuses, approvals, clock } = context;
  const runInstance = createInstanceRunner(context);

  /** Since when the contract's status has been denying the approval that an installation's status tells of. */
  const denied = new Map<string, number>();

  async function reconcile(ref: Ref, signal: AbortSignal): Promise<Result> {
    const installation = informers.installations.get(ref.namespace, ref.name);
    if (installation === undefined) {
      forgetInstances(ref);
      denied.delete(keyOf(ref));
      approvals.forget(keyOf(ref));
      return done;
    }
    if (installation.metadata.deletionTimestamp !== undefined) return done;
    const found = memberOf(informers, ref.namespace);
    if ('outcome' in found) return report(installation, found.outcome);
    const contract = informers.contracts.get(installation.spec.contract.namespace, installation.spec.contract.name);
    const channel = contract && informers.channels.get(contract.metadata.namespace, contract.spec.channel);
    const refused = refusedInstallation({ installation, memberName: found.member.metadata.name, consortium: found.consortium, contract, channel });
    if (refused !== undefined || contract === undefined) return report(installation, refused ?? waiting('WaitingForReference', 'The contract does not exist yet.'));
    try {
      const { packageId, label } = packageOf(contract);
      return await carryOut({ installation, contract, channel, ...found, packageId, label, now: clock.now(), signal });
    } catch (error) {
      if (error instanceof AgreementError || error instanceof PolicyError || error instanceof PackageError) return report(installation, stalled('InvalidSpec', error.message));
      throw error;
    }
  }

  /** They have gone with the installation that owned them: nobody is to ask them any more. */
  function forgetInstances({ namespace, name }: Ref): void {
    for (const key of instances.keys()) {
      const instance = refOfKey(key);
      if (instance.namespace === namespace && isInstanceOf(instance.name, name)) instances.forget(key);
    }
  }

  const report = (installation: ContractInstallation, outcome: Outcome): Promise<Result> => statuses.write(contractInstallation.type, installation, { outcome });

  /** Instance, install and approval go side by side; none needs another's end. */
  async function carryOut(pass: Pass): Promise<Result> {
    const { installation, contract, member, packageId, label } = pass;
    const { peers } = installation.spec;
    const artifactDigest = codeDigest(installation.spec);
    const name = instanceName(installation.metadata.name, artifactDigest);
    const run = async (): Promise<{ instance: RunningInstance; installed: Installed }> => {
      const instance = isOfUse(installation) ? await runInstance({ installation, member, name, packageId, starts: isToRun(pass, name) }) : notOfUseYet(name, peers);
      return { instance, installed: await ensureInstalled(pass, instance) };
    };
    const [{ instance, installed }, approval] = await Promise.all([run(), ensureApproval(pass)]);
    const approved = approval.obstacle === undefined;
    const outcome = installationOutcome({ contract, withoutPackage: peers.filter((peer) => !installed.on.includes(peer)), approved, obstacles: [instance.obstacle, ...installed.obstacles, approval.obstacle] });
    const findings: Findings<InstallationStatus> = {
      packageId,
      installedOn: installed.on,
      approved: approved ? { sequence: approval.sequence, packageId, contractDigest: installation.spec.contractDigest } : approval.lost ? undefined : installation.status?.approved,
      instance: instance.address === undefined ? undefined : { name, address: instance.address, artifactDigest, ready: instance.ready },
    };
    const result = await statuses.write(contractInstallation.type, installation, { outcome, findings, urgent: essence });
    await discardUsed(pass, installed.on, approved);
    if (isCommitted(contract) && approved) await removeFormerInstances(context, installation, { name, label });
    return result;
  }

  /**
   * A definition is committed when instances run, which is after the members' approvals and not before somebody leads the channel: an instance
   * that starts earlier only takes processor time from those, on a small machine. Once the approval is handed in, there is time. What runs goes on.
   */
  function isToRun({ installation, channel }: Pass, name: string): boolean {
    const { namespace } = installation.metadata;
    return channel?.status?.leader !== undefined || informers.statefulSets.get(namespace, name) !== undefined || installation.status?.approved !== undefined || approvals.isUnderWay(keyOf(refOf(installation)));
  }

  /** An instance serves peers: before the first of them has been started, its Service would only take processor time from that. */
  function isOfUse({ metadata: { namespace }, spec, status }: ContractInstallation): boolean {
    return status?.instance !== undefined || spec.peers.some((name) => nodes.last(keyOf({ name, ...(namespace === undefined ? {} : { namespace }) })) !== undefined);
  }

  async function ensureInstalled(pass: Pass, instance: RunningInstance): Promise<Installed> {
    const { installation, member, packageId, label } = pass;
    const before = installation.status?.packageId === packageId ? (installation.status.installedOn ?? []) : [];
    const results = await Promise.all(
      installation.spec.peers.map(async (peer): Promise<{ peer: string; obstacle: Outcome | undefined }> => {
        const node = informers.nodes.get(installation.metadata.namespace, peer);
        if (node === undefined) return { peer, obstacle: waiting('WaitingForNode', `There is no Node ${peer} in this namespace yet.`) };
        if (node.spec.role !== 'peer') return { peer, obstacle: stalled('InvalidSpec', `Node ${peer} is not a peer: contracts are installed on peers only.`) };
        // The peer's builder asks for the address at the one moment when the contract is installed.
        const known = instance.address !== undefined && (await publishAddress(context, installation, member, peer, { label, address: instance.address }));
        if (before.includes(peer)) return { peer, obstacle: undefined };
        if (!known) return { peer, obstacle: waiting('WaitingForAddress', `Peer ${peer} cannot be told yet where the contract's instance is.`) };
        return { peer, obstacle: await installOn(context, pass, node, nodes.last(keyOf(refOf(node)))?.contact === 'answers') };
      }),
    );
    return { on: results.filter(({ obstacle }) => obstacle === undefined).map(({ peer }) => peer), obstacles: results.map(({ obstacle }) => obstacle) };
  }

  /** `lost`: the status tells of an approval that the ledger does not have. */
  async function ensureApproval(pass: Pass): Promise<{ obstacle: Outcome | undefined; sequence: number; lost?: boolean }> {
    const { installation, contract, channel, member, consortium, packageId } = pass;
    const sequence = sequenceOf(contract, packageId);
    const wait = (message: string): { obstacle: Outcome; sequence: number } => ({ obstacle: waiting('WaitingForApproval', message), sequence: sequence ?? 0 });
    if (channel === undefined || sequence === undefined) return wait(notAsked(contract));
    const { approved } = installation.status ?? {};
    const known = approved?.sequence === sequence && approved.packageId === packageId && approved.contractDigest === installation.spec.contractDigest;
    const lost = isLost(pass, known);
    if (known && !lost) return { obstacle: undefined, sequence };
    const [peer] = joinedPeers(context, channel.metadata.name, member, installation.spec.peers);
    if (peer === undefined) return { ...wait(`None of ${installation.spec.peers.join(', ')} is in channel ${channel.metadata.name} and answers.`), lost };
    const orderers = ordererRoute(context, channel, consortium);
    if (orderers.length === 0) return { ...wait(`No orderer of channel ${channel.metadata.name} answers.`), lost };
    return { obstacle: await approve(context, { ...pass, sequence, peer: peer.endpoint, orderers }), sequence, lost };
  }

  /**
   * Another approval of the member takes the place of this one on the ledger, as when the contract was changed and changed back, or by another
   * tool. So an approval that the ledger lacks for longer than peers are behind is given again; where it is there after all, that changes nothing.
   */
  function isLost({ installation, contract, member }: Pass, known: boolean): boolean {
    const key = keyOf(refOf(installation));
    const isDenied = known && contract.status?.members?.find(({ name }) => name === member.metadata.name)?.approved === false;
    const since = denied.get(key) ?? clock.monotonic();
    const lost = isDenied && clock.monotonic() - since >= lostAfterMs;
    if (isDenied && !lost) denied.set(key, since);
    else denied.delete(key);
    return lost;
  }

  /** Signatures that have done their work, and those under a former version of the consent. */
  async function discardUsed({ installation }: Pass, installedOn: readonly string[], approved: boolean): Promise<void> {
    const used = signing.of(installation).filter(({ spec, metadata }) => {
      if (spec.intent.generation !== installation.metadata.generation) return true;
      return spec.purpose === 'install-contract' ? installedOn.includes(metadata.labels?.[labels.node] ?? '') : approved;
    });
    await Promise.all(used.map((request) => signing.discard(request)));
  }

  const ofNamespace = ({ metadata: { namespace } }: KubernetesObject): Ref[] => informers.installations.list(namespace).map(refOf);
  const ofContract = (contract: Ref): Ref[] => informers.installations.byIndex('contract', refKey({ namespace: contract.namespace ?? '', name: contract.name })).map(refOf);
  const unready = (refs: Ref[]): Ref[] => refs.filter(({ namespace, name }) => {
    const installation = informers.installations.get(namespace, name);
    return installation !== undefined && !isReady(installation);
  });

  return createController({
    name: 'contract-installation',
    type: contractInstallation.type,
    informer: informers.installations,
    watches: [
      on(informers.members, ofNamespace, authoritiesOf),
      on(informers.consortia, ({ spec }) => spec.members.flatMap(({ namespace }) => informers.installations.list(namespace).map(refOf)), nothingOfStatus),
      on(informers.contracts, (contract) => ofContract(refOf(contract)), ({ status }) => [status?.observedGeneration, status?.packageId, status?.sequence, status?.committed, stallOf({ status })]),
      on(informers.nodes, (node) => unready(ofNamespace(node)), endpointsOf),
      on(informers.channels, ({ metadata: { namespace = '', name } }) => unready(informers.contracts.byIndex('channel', refKey({ namespace, name })).flatMap((contract) => ofContract(refOf(contract)))), ({ status }) => status?.leader !== undefined),
      on(informers.services, ownersOf('ContractInstallation')),
      on(informers.statefulSets, ownersOf('ContractInstallation')),
      on(informers.pods, labelled(labels.contract)),
      on(informers.configMaps, (configMap) => (configMap.metadata.labels?.[labels.node] === undefined ? [] : ofNamespace(configMap))),
      on(informers.signingRequests, ownersOf('ContractInstallation')),
      on(informers.certificateRequests, ownersOf('ContractInstallation')),
    ],
    concurrency: 8,
    reconcile: statuses.telling(contractInstallation.type, informers.installations, (ref, { signal }) => reconcile(ref, signal)),
    clock,
    logger: context.logger,
    ...(context.metrics ? { metrics: context.metrics } : {}),
  });
}

const notAsked = (contract: Contract): string => {
  const stall = stallOf(contract);
  return stall === undefined ? 'The ledger has not been asked yet which change of the contract this is.' : `Contract ${contract.metadata.name} cannot be approved as it is: ${stall}`;
};

const notOfUseYet = (name: string, peers: readonly string[]): RunningInstance => ({
  name,
  address: undefined,
  ready: false,
  obstacle: waiting('WaitingForNode', `Waiting until one of the peers ${peers.join(', ')} has been started: the contract's instance serves them.`),
});

/** What the contract waits for. */
const essence = ({ packageId, installedOn, approved, instance }: InstallationStatus): unknown => [packageId, installedOn, approved, instance?.ready];

/** Which change of the contract approvals are collected for, when its controller has worked that out for the spec as it is. */
const sequenceOf = (contract: Contract, packageId: string): number | undefined => {
  const { metadata, status } = contract;
  return status?.observedGeneration === metadata.generation && status?.packageId === packageId && stallOf(contract) === undefined ? status.sequence : undefined;
};
