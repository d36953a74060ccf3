import { codeDigest, type Channel, type Consortium, type Contract, type ContractInstallation } from '@guildhall/resources';
import { digestOf } from '../cluster/digests.ts';
import { ready, stalled, waiting, type Outcome } from '../outcome.ts';

/** What the references of an installation lead to. */
export interface InstallationReferences {
  installation: ContractInstallation;
  memberName: string;
  consortium: Consortium;
  contract: Contract | undefined;
  channel: Channel | undefined;
}

/** Why nothing may be done under this consent (yet). */
export function refusedInstallation({ installation, memberName, consortium, contract, channel }: InstallationReferences): Outcome | undefined {
  const { spec, metadata } = installation;
  if (spec.contract.namespace !== consortium.metadata.namespace) {
    return stalled('ReferenceNotAllowed', `Contract ${spec.contract.namespace}/${spec.contract.name} is not of this member's consortium, ${consortium.metadata.name}.`);
  }
  if (metadata.name !== spec.contract.name) return stalled('InvalidSpec', `A ContractInstallation has the name of its contract: ${spec.contract.name}, not ${metadata.name}.`);
  if (contract === undefined) return waiting('WaitingForReference', `Contract ${spec.contract.namespace}/${spec.contract.name} does not exist yet.`);
  const digest = digestOf(contract.spec);
  if (spec.contractDigest !== digest) {
    return stalled('ConsentOutdated', `The member consented to a version of contract ${contract.metadata.name} with digest ${spec.contractDigest}; it now has ${digest}. Consent again.`);
  }
  const [own, agreed] = [codeDigest(spec), codeDigest(contract.spec)];
  if (own !== agreed) {
    return stalled('ConsentOutdated', `The member consented to the code ${own}; contract ${contract.metadata.name} names ${agreed}. Consent again.`);
  }
  if (channel !== undefined && !channel.spec.members.some(({ name }) => name === memberName)) {
    return stalled('ReferenceNotAllowed', `Channel ${channel.metadata.name} does not name member ${memberName}, so it cannot run contract ${contract.metadata.name}.`);
  }
  return undefined;
}

export interface InstallationProgress {
  contract: Contract;
  /** Peers of the consent that do not have the package yet. */
  withoutPackage: readonly string[];
  approved: boolean;
  /** What stands in the way, in the order of importance. */
  obstacles: readonly (Outcome | undefined)[];
}

/** How the installation stands after a pass. */
export function installationOutcome({ contract, withoutPackage, approved, obstacles }: InstallationProgress): Outcome {
  const found = obstacles.filter((obstacle) => obstacle !== undefined);
  const first = found.find(({ kind }) => kind === 'stalled') ?? found.find((outcome) => outcome.kind === 'waiting' && outcome.afterMs !== undefined) ?? found[0];
  if (first !== undefined) return first.kind === 'waiting' ? { ...first, ...soonest(found) } : first;
  if (withoutPackage.length > 0) return waiting('WaitingForInstall', `Waiting until ${withoutPackage.join(', ')} has the contract.`);
  if (!approved) return waiting('WaitingForApproval', 'Waiting until the member has approved the definition.');
  if (!isCommitted(contract)) return waiting('WaitingForCommit', `The member has approved; contract ${contract.metadata.name} is committed when enough members have.`);
  return ready(`Contract ${contract.metadata.name} ${contract.spec.version} runs and is approved.`);
}

/** What is told may wait longer than something else can. */
function soonest(outcomes: readonly Outcome[]): { afterMs?: number } {
  const times = outcomes.flatMap((outcome) => (outcome.kind === 'waiting' && outcome.afterMs !== undefined ? [outcome.afterMs] : []));
  return times.length === 0 ? {} : { afterMs: Math.min(...times) };
}

/** The ledger has the definition that the spec describes. */
export const isCommitted = ({ metadata, spec, status }: Contract): boolean =>
  status?.observedGeneration === metadata.generation &&
  status?.committed !== undefined &&
  status.committed.sequence === status.sequence &&
  status.committed.artifactDigest === codeDigest(spec);
