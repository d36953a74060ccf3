import type { CommittedDefinition, ContractDefinition } from '@guildhall/fabric';
import { codeDigest, type Contract } from '@guildhall/resources';
import { ready, waiting, type Outcome } from '../outcome.ts';
import { samePolicy } from './policies.ts';

/** One member of the contract's channel, as far as it concerns the contract. */
export interface ContractParty {
  name: string;
  mspId: string;
  /** It may endorse: otherwise it is not asked for anything. */
  endorses: boolean;
  consented: boolean;
  installed: boolean;
  /** Its instance runs the agreed code, so it says itself. */
  sameCode: boolean;
  running: boolean;
  /** Nothing will come of the member's installation until a person does something about this. */
  stalled: string | undefined;
}

type Committed = NonNullable<NonNullable<Contract['status']>['committed']>;

/** What approvals were collected for. */
export interface Collected {
  sequence?: number | undefined;
  label?: string | undefined;
}

/** What the ledger has, with what only the status remembers: the code of a committed definition. */
export function committedOf(contract: Contract, label: string, ledger: CommittedDefinition | undefined, policyText: string, own?: Collected): Committed | undefined {
  if (ledger === undefined) return undefined;
  const { sequence, version } = ledger.definition;
  const before = contract.status;
  const collected = [before, own].some((each) => each?.sequence === sequence && each.label === label);
  const artifactDigest =
    before?.committed?.sequence === sequence
      ? before.committed.artifactDigest
      : // What was collected for was committed, and the status was not written before the process ended.
        collected
        ? codeDigest(contract.spec)
        : undefined;
  return { sequence, version, endorsementPolicy: policyText, ...(artifactDigest === undefined ? {} : { artifactDigest }) };
}

/** Whether the ledger has what the spec says. */
export const fulfils = (committed: Committed | undefined, ledger: ContractDefinition | undefined, wanted: ContractDefinition, artifactDigest: string): boolean =>
  committed !== undefined && ledger !== undefined && ledger.version === wanted.version && samePolicy(ledger.endorsementPolicy, wanted.endorsementPolicy) && committed.artifactDigest === artifactDigest;

export interface Collecting {
  parties: readonly ContractParty[];
  /** MSP ids whose approval the ledger has for exactly this definition. */
  approvals: Readonly<Record<string, boolean>>;
  /** Whether approvals of these MSP ids satisfy the channel's policy for changes of contracts. */
  suffices(mspIds: readonly string[]): boolean;
  /** Names of members that cannot be asked to endorse the commit: no peer of theirs is in the channel and answers. */
  silent: readonly string[];
  policyInWords: string;
}

export type CollectingDecision = { kind: 'commit'; endorsers: string[] } | { kind: 'wait'; outcome: Outcome };

/** Commits as soon as the approvals suffice, counting only members whose instance runs the agreed code. */
export function decideCommit({ parties, approvals, suffices, silent, policyInWords }: Collecting): CollectingDecision {
  const asked = parties.filter(({ endorses }) => endorses);
  const approved = asked.filter(({ mspId }) => approvals[mspId] === true);
  const fit = approved.filter(({ installed, running, sameCode }) => installed && running && sameCode);
  if (suffices(fit.map(({ mspId }) => mspId))) return { kind: 'commit', endorsers: fit.map(({ name }) => name) };
  const names = (list: readonly ContractParty[]): string => list.map((party) => `${party.name}${because(party)}`).join(', ');
  const without = asked.filter(({ consented }) => !consented);
  const unapproved = asked.filter(({ consented, mspId }) => consented && approvals[mspId] !== true);
  const unfit = approved.filter((party) => !fit.includes(party));
  const need = `It needs ${policyInWords}.`;
  if (suffices(approved.map(({ mspId }) => mspId))) {
    const details = unfit.map((party) => `${party.name} (${party.stalled ?? lacking(party, true)})`);
    return { kind: 'wait', outcome: waiting('WaitingForInstance', `Enough members have approved, but not all of them run the agreed code yet: ${details.join(', ')}.`) };
  }
  if (unapproved.length > 0) return { kind: 'wait', outcome: waiting('WaitingForApproval', `Waiting for the approval of ${names(unapproved)}. ${need}`) };
  if (without.length > 0) return { kind: 'wait', outcome: waiting('WaitingForConsent', `Waiting for the consent of ${names(without)}. ${need}`) };
  return { kind: 'wait', outcome: waiting('Unreachable', `All have approved; waiting for a peer of ${silent.join(', ')} that is in the channel and answers. ${need}`) };
}

const because = ({ stalled }: ContractParty): string => (stalled === undefined ? '' : ` (it does not go on by itself: ${stalled})`);

/** After the commit: the members that consented run it. */
export function committedOutcome(parties: readonly ContractParty[], approvals: Readonly<Record<string, boolean>>, version: string): Outcome {
  const consenting = parties.filter(({ endorses, consented }) => endorses && consented);
  const behind = consenting.filter(({ installed, running, sameCode, mspId }) => !installed || !running || !sameCode || approvals[mspId] !== true);
  if (behind.length > 0) {
    const details = behind.map((party) => `${party.name} (${party.stalled ?? lacking(party, approvals[party.mspId] === true)})`);
    return waiting('WaitingForInstance', `Version ${version} is committed; not all members that agreed to it run it yet: ${details.join(', ')}.`);
  }
  return ready(`Version ${version} is committed, and ${consenting.length} of ${parties.length} members run the same code.`);
}

function lacking({ installed, running, sameCode }: ContractParty, approved: boolean): string {
  if (!installed) return 'a peer does not have it';
  if (!running) return 'its instance is not ready';
  if (!sameCode) return 'its instance runs other code';
  return approved ? 'ready' : 'it has not approved';
}
