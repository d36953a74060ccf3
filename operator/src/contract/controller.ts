import { AgreementError, contractDefinition, contractPackage } from '@guildhall/agreement';
import { isSatisfiableBy, PackageError, parsePolicy, PolicyError, policyInWords, type CommittedDefinition, type ContractDefinition, type ContractPackage } from '@guildhall/fabric';
import { createController, done, ensureFinalizer, refOf, removeFinalizer, type Controller, type KubernetesObject, type Ref, type Result } from '@guildhall/kubernetes';
import { codeDigest, consortiumNamespace, contract as contractKind, finalizer, namespaceOwner, type Channel, type Consortium, type Contract } from '@guildhall/resources';
import { endorsingMspIds, policyProblem } from '../channel/invalid.ts';
import { unconfirmed } from '../cluster/deletion.ts';
import { refKey } from '../cluster/informers.ts';
import type { Findings } from '../cluster/status.ts';
import { authoritiesOf, nothingOfStatus, on } from '../cluster/watches.ts';
import type { OperatorContext } from '../context.ts';
import { attempt, type Attempted } from '../fabric-problem.ts';
import { isReady, stalled, stallOf, waiting, type Outcome } from '../outcome.ts';
import { admittedMembers, consortiumOf } from '../references.ts';
import { committedOf, committedOutcome, decideCommit, fulfils, type Collected } from './decide.ts';
import { commitDefinition, readCommitted, windowsOf, type Window } from './ledger.ts';
import { contractParties, type FoundParty } from './parties.ts';
import { endorsementRule, policyText } from './policies.ts';

type ContractStatus = NonNullable<Contract['status']>;

interface Pass {
  contract: Contract;
  channel: Channel;
  consortium: Consortium;
  parties: FoundParty[];
  windows: Window[];
  pack: ContractPackage;
  signal: AbortSignal;
}

type Approvals = Readonly<Record<string, boolean>>;

/** What is proven is proven again from time to time: a definition can be changed by other tools. */
const verifyMs = 60_000;
/** A commit changes the status of each installation, and each of them asks for a pass: so long the ledger is not asked again for what it has just shown. */
const freshMs = 1_000;

export function createContractController(context: OperatorContext): Controller {
  const { client, informers, fabric, statuses, clock } = context;

  /** What this process committed, by the contract's uid: the cache may show later than the ledger what it was for. */
  const commits = new Map<string, Collected>();
  /** What the ledger had a moment ago, by the contract's uid. `at` in monotonic milliseconds. */
  const seen = new Map<string, { ledger: CommittedDefinition; at: number }>();

  async function reconcile(ref: Ref, signal: AbortSignal): Promise<Result> {
    const cached = informers.contracts.get(ref.namespace, ref.name);
    if (cached === undefined) return done;
    if (cached.metadata.deletionTimestamp !== undefined) return remove(cached);
    const consortium = consortiumOf(informers, ref.namespace);
    const channel = informers.channels.get(ref.namespace, cached.spec.channel);
    if (consortium === undefined || channel === undefined) {
      return report(cached, waiting('WaitingForReference', consortium === undefined ? 'There is no Consortium in this namespace yet.' : `Channel ${cached.spec.channel} does not exist yet.`));
    }
    const members = admittedMembers(informers, consortium);
    const checked = check(cached, channel, endorsingMspIds(channel.spec, consortium, members));
    if ('outcome' in checked) return report(cached, checked.outcome);
    const contract = await ensureFinalizer(client, contractKind.type, cached, finalizer);
    const parties = contractParties(informers, contract, channel, members, checked.pack.packageId);
    const windows = windowsOf(context, channel, parties.flatMap(({ member }) => (member === undefined ? [] : [{ member, peers: peersOf(member, channel) }])));
    return follow({ contract, channel, consortium, parties, windows, pack: checked.pack, signal });
  }

  const peersOf = (member: { metadata: KubernetesObject['metadata'] }, channel: Channel): string[] => informers.memberships.get(member.metadata.namespace, channel.metadata.name)?.spec.peers ?? [];

  async function follow(pass: Pass): Promise<Result> {
    const { contract, channel, windows } = pass;
    const silent = channel.spec.members.length === 0 || windows.length === 0;
    if (silent) return report(contract, waiting('WaitingForJoin', `No peer of channel ${channel.metadata.name} can be asked yet.`), findingsOf(pass, {}));
    const known = justSeen(contract);
    const fresh = known && fulfilment(pass, known);
    if (fresh?.outcome.kind === 'ready') return report(contract, fresh.outcome, fresh.findings);
    const { read, early } = await readLedger(pass);
    if ('failed' in read) return report(contract, read.failed, findingsOf(pass, {}));
    if ('outcome' in read.result) return report(contract, read.result.outcome, findingsOf(pass, {}));
    const ledger = read.result.committed;
    const fulfilled = ledger && fulfilment(pass, ledger);
    if (fulfilled) {
      saw(contract, ledger);
      return report(contract, fulfilled.outcome, fulfilled.findings);
    }
    const committed = committedIn(pass, ledger);
    const sequence = (ledger?.definition.sequence ?? 0) + 1;
    return collect(pass, sequence, committed, early?.sequence === sequence ? early.approvals : await askReadiness(pass, sequence));
  }

  const committedIn = ({ contract, pack }: Pass, ledger: CommittedDefinition | undefined): ContractStatus['committed'] =>
    committedOf(contract, pack.label, ledger, policyOf(ledger), commits.get(contract.metadata.uid ?? ''));

  /** What a ledger that has what the spec says comes to; undefined when it has something else. */
  function fulfilment(pass: Pass, ledger: CommittedDefinition): { outcome: Outcome; findings: Findings<ContractStatus> } | undefined {
    const { contract, parties } = pass;
    const { definition, approvals } = ledger;
    const committed = committedIn(pass, ledger);
    const wanted = contractDefinition(contract.metadata.name, contract.spec, committed?.sequence ?? 0);
    if (!fulfils(committed, definition, wanted, codeDigest(contract.spec))) return undefined;
    const outcome = committedOutcome(parties, approvals, contract.spec.version);
    const findings = findingsOf(pass, { sequence: definition.sequence, committed, approvals });
    return { outcome: outcome.kind === 'ready' ? { ...outcome, afterMs: verifyMs } : soon(outcome, pass, definition.sequence, approvals), findings };
  }

  const saw = ({ metadata: { uid = '' } }: Contract, ledger: CommittedDefinition): void => void seen.set(uid, { ledger, at: clock.monotonic() });
  function justSeen({ metadata: { uid = '' } }: Contract): CommittedDefinition | undefined {
    const last = seen.get(uid);
    return last !== undefined && clock.monotonic() - last.at < freshMs ? last.ledger : undefined;
  }

  /** What is committed and, while approvals are collected, how far that is: side by side it takes half the time. */
  async function readLedger(pass: Pass): Promise<{ read: Attempted<Awaited<ReturnType<typeof readCommitted>>>; early: { sequence: number; approvals: Attempted<Approvals> } | undefined }> {
    const sequence = collectsFor(pass.contract);
    const [read, approvals] = await Promise.all([
      attempt(() => readCommitted(context, pass.windows, pass.contract, pass.signal), 50),
      sequence === undefined ? undefined : askReadiness(pass, sequence),
    ]);
    return { read, early: sequence === undefined || approvals === undefined ? undefined : { sequence, approvals } };
  }

  /** The change that approvals are collected for, as far as is known without asking the ledger. */
  function collectsFor({ metadata: { uid = '' }, status }: Contract): number | undefined {
    const sequence = status?.sequence;
    return sequence === status?.committed?.sequence || sequence === commits.get(uid)?.sequence ? undefined : sequence;
  }

  /** MSP ids whose approval of this change the ledger has. */
  function askReadiness({ contract, channel, windows, signal }: Pass, sequence: number): Promise<Attempted<Approvals>> {
    const [window] = windows;
    const definition = contractDefinition(contract.metadata.name, contract.spec, sequence);
    return attempt(async () => (window === undefined ? {} : (await fabric.channels.readiness(window.peer, window.reader, channel.metadata.name, definition, signal)).approvals), 50);
  }

  /** Approvals come one by one; the last that is needed makes the commit. */
  async function collect(pass: Pass, sequence: number, committed: ContractStatus['committed'], read: Attempted<Approvals>): Promise<Result> {
    const { contract, channel, consortium, parties, windows, signal } = pass;
    if ('failed' in read) return report(contract, read.failed, findingsOf(pass, { sequence, committed }));
    const definition: ContractDefinition = contractDefinition(contract.metadata.name, contract.spec, sequence);
    const approvals = read.result;
    const findings = findingsOf(pass, { sequence, committed, approvals });
    const endorsing = parties.filter(({ endorses }) => endorses).map(({ mspId }) => mspId);
    const { lifecycleEndorsement } = channel.spec.policies;
    const rule = endorsementRule(lifecycleEndorsement, endorsing);
    const silent = parties.filter(({ name, endorses, member: found }) => (endorses || found === undefined) && !windows.some(({ member }) => member === name));
    const decision = decideCommit({
      parties,
      approvals,
      suffices: (mspIds) => isSatisfiableBy(rule, mspIds.filter((mspId) => !silent.some((party) => party.mspId === mspId))),
      silent: silent.map(({ name }) => name),
      policyInWords: policyInWords(parsePolicy(lifecycleEndorsement)),
    });
    if (decision.kind === 'wait') return report(contract, soon(decision.outcome, pass, sequence, approvals), findings);
    // Should this process end right after the commit, the status says which code it was for.
    const recorded = contract.status?.sequence === sequence && contract.status.packageId === pass.pack.packageId;
    if (!recorded) await report(contract, waiting('WaitingForCommit', 'Enough members have approved; the definition is being committed.'), findings);
    commits.set(contract.metadata.uid ?? '', { sequence, label: pass.pack.label });
    const endorsers = windows.filter(({ member }) => decision.endorsers.includes(member));
    const result = await attempt(() => commitDefinition(context, { contract, channel, consortium, definition, endorsers, now: clock.now(), signal }), 50);
    if ('failed' in result) return report(contract, result.failed, findings);
    return { kind: 'requeue', afterMs: 1, reason: 'WaitingForCommit' };
  }

  /** A member's own peer may have its approval a moment before the peer that was asked. */
  function soon(outcome: Outcome, { parties }: Pass, sequence: number, approvals: Approvals): Outcome {
    const expected = parties.some(({ mspId, consented, installation }) => consented && approvals[mspId] !== true && installation?.status?.approved?.sequence === sequence);
    return outcome.kind === 'waiting' && expected ? { ...outcome, afterMs: 25 } : outcome;
  }

  const report = (contract: Contract, outcome: Outcome, findings?: Findings<ContractStatus>): Promise<Result> =>
    statuses.write(contractKind.type, contract, { outcome, ...(findings === undefined ? {} : { findings }), urgent: ({ sequence, packageId, committed }) => [sequence, packageId, committed] });

  function findingsOf({ contract, parties, pack }: Pass, known: { sequence?: number; committed?: ContractStatus['committed']; approvals?: Approvals }): Findings<ContractStatus> {
    return {
      label: pack.label,
      packageId: pack.packageId,
      // Found for another spec it would be approved as if it were for this one.
      sequence: known.sequence ?? (contract.status?.observedGeneration === contract.metadata.generation && contract.status?.packageId === pack.packageId ? contract.status.sequence : undefined),
      committed: known.committed ?? contract.status?.committed,
      members: parties.map(({ name, mspId, consented, installed, sameCode, running }) => ({
        name,
        consented,
        installed,
        sameCode,
        running,
        approved: known.approvals?.[mspId] ?? contract.status?.members?.find((before) => before.name === name)?.approved ?? false,
      })),
    };
  }

  /** The definition stays on the ledger for good; what is given up is running it. The members' consents go first. */
  async function remove(contract: Contract): Promise<Result> {
    const { namespace = '', name } = contract.metadata;
    const left = informers.installations.byIndex('contract', refKey({ namespace, name })).map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);
    const wait = unconfirmed(contract, 'ends its instances.') ?? (left.length > 0 ? waiting('Deleting', `Waiting until these ContractInstallations are deleted: ${left.join(', ')}.`) : undefined);
    if (wait !== undefined) return report(contract, wait);
    commits.delete(contract.metadata.uid ?? '');
    seen.delete(contract.metadata.uid ?? '');
    await removeFinalizer(client, contractKind.type, contract, finalizer);
    return done;
  }

  const unready = (contracts: Contract[]): Ref[] => contracts.filter((contract) => !isReady(contract)).map(refOf);
  const ofMember = ({ metadata: { namespace } }: KubernetesObject): Ref[] => {
    const owner = namespaceOwner(namespace ?? '');
    return owner === undefined ? [] : unready(informers.contracts.list(consortiumNamespace(owner.consortium)));
  };

  return createController({
    name: 'contract',
    type: contractKind.type,
    informer: informers.contracts,
    watches: [
      on(informers.installations, ({ spec }) => [spec.contract], ({ status }) => [status?.packageId, status?.installedOn, status?.instance, status?.approved, stallOf({ status })]),
      on(informers.consortia, ({ metadata: { namespace } }) => informers.contracts.list(namespace).map(refOf), nothingOfStatus),
      on(informers.members, ofMember, authoritiesOf),
      on(informers.memberships, ofMember, nothingOfStatus),
      on(informers.channels, ({ metadata: { namespace = '', name } }) => unready(informers.contracts.byIndex('channel', refKey({ namespace, name }))), nothingOfStatus),
    ],
    concurrency: 4,
    reconcile: statuses.telling(contractKind.type, informers.contracts, (ref, { signal }) => reconcile(ref, signal)),
    clock,
    logger: context.logger,
    ...(context.metrics ? { metrics: context.metrics } : {}),
  });
}

const policyOf = (ledger: CommittedDefinition | undefined): string => (ledger === undefined ? '' : policyText(ledger.definition.endorsementPolicy));

/** What must be right before anybody is asked for approval. */
function check(contract: Contract, channel: Channel, endorsing: readonly string[]): { pack: ContractPackage } | { outcome: Outcome } {
  try {
    contractDefinition(contract.metadata.name, contract.spec, 1);
    parsePolicy(channel.spec.policies.lifecycleEndorsement);
    const { endorsementPolicy } = contract.spec;
    const problem = endorsementPolicy.trim() === '' ? undefined : policyProblem(endorsementPolicy, endorsing);
    if (problem !== undefined) return { outcome: stalled('InvalidSpec', `endorsementPolicy: ${problem}`) };
    return { pack: contractPackage(contract.metadata.name, contract.spec) };
  } catch (error) {
    if (error instanceof AgreementError || error instanceof PolicyError || error instanceof PackageError) return { outcome: stalled('InvalidSpec', error.message) };
    throw error;
  }
}
