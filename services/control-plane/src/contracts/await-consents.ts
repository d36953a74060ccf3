import { annotations, specDigest, type Contract, type ContractInstallation } from '@guildhall/resources';
import { contractObjects, type DesiredObject } from '../consortia/consortium-resources.ts';
import type { Connection } from '../database/database.ts';
import type { ClusterSteps } from '../operations/cluster-steps.ts';
import type { StepContext, StepOutcome } from '../operations/operation.ts';
import { refOf } from '../operations/readiness.ts';
import type { ClusterObject } from '../projections/cluster-view.ts';
import type { ObjectRef } from '../projections/cluster-reader.ts';
import { channelFacts, type ChannelParty } from './channel-facts.ts';
import { decisionsOf, definitionOfOperation } from './definition-repository.ts';
import { judgeConsents, type ConsentParty } from './judge-consents.ts';

/** What the members' consents are to. */
export interface AwaitedContract {
  consortium: string;
  contract: Contract;
}

interface Standing {
  policy: string;
  parties: (ChannelParty & ConsentParty)[];
  /** What those who approved run, with the peers that they have in the channel now. */
  installations: ContractInstallation[];
  seen: readonly ClusterObject[];
}

const kinds = ['Channel', 'Member', 'ChannelMembership', 'ContractInstallation'];

async function standingOf({ steps, db }: Dependencies, { consortium, contract }: AwaitedContract, operationId: string): Promise<Standing | undefined> {
  const seen = await steps.leftOf(consortium, kinds);
  const facts = channelFacts(seen, contract.spec.channel);
  if (facts === undefined) return undefined;
  const { id } = await definitionOfOperation(db, operationId);
  const decisions = await decisionsOf(db, [id]);
  const parties = facts.members.map((member) => ({ ...member, decision: decisions.find((decision) => decision.member === member.name) }));
  const approved = parties.filter(({ decision }) => decision?.state === 'approved');
  const installations = contractObjects(consortium, { ...contract.spec, name: contract.metadata.name }, approved).filter((object): object is ContractInstallation => object.kind === 'ContractInstallation');
  return { policy: facts.channel.spec.policies.lifecycleEndorsement, parties, installations, seen };
}

interface Dependencies {
  steps: ClusterSteps;
  db: Connection;
}

const waitMs = 30_000;
const busyMs = 2000;

const wait = (reason: string, message: string, retryAfterMs = waitMs): StepOutcome => ({ kind: 'wait', reason, message, retryAfterMs, yields: true, isOver: () => false });

/**
 * Writes down the consent of each member that has approved, and waits, for days if need be, until they are enough. It holds up nobody: only to write
 * it becomes the operation that changes the consortium again.
 */
export async function awaitConsents(dependencies: Dependencies, awaited: AwaitedContract, context: StepContext): Promise<StepOutcome> {
  const standing = await standingOf(dependencies, awaited, context.operationId);
  if (standing === undefined) return wait('WaitingForReference', `the channel ${awaited.contract.spec.channel} is not seen`, busyMs);
  const verdict = judgeConsents(standing.parties, standing.policy);
  if (verdict.kind === 'impossible') {
    const nextAction = 'have who rejected it approve it after all and retry the operation, or cancel it and propose something else';
    return { kind: 'fail', reason: 'Rejected', problem: { code: 'CONFLICT', message: verdict.message, nextAction } };
  }
  const digest = specDigest(awaited.contract.spec);
  const isWritten = ({ metadata: { name, namespace } }: DesiredObject): boolean =>
    standing.seen.some((object) => object.kind === 'ContractInstallation' && object.metadata.name === name && object.metadata.namespace === namespace &&
      object.metadata.annotations?.[annotations.operation] === context.operationId && (object as ContractInstallation).spec.contractDigest === digest);
  const lacking = standing.installations.filter((installation) => !isWritten(installation));
  if (verdict.kind === 'wait' && lacking.length === 0) return wait('WaitingForConsent', verdict.message);
  if (!(await context.hold())) return wait('Busy', `${verdict.message}; goes on when the operation that changes the consortium now has ended`, busyMs);
  await dependencies.steps.applyObjects(lacking, context);
  return verdict.kind === 'wait' ? wait('WaitingForConsent', verdict.message) : { kind: 'done', message: verdict.message };
}

/** The installations of those who approved; after the step above it is for good who that is. */
export async function consentedInstallations(dependencies: Dependencies, awaited: AwaitedContract, context: StepContext): Promise<ObjectRef[]> {
  const standing = await standingOf(dependencies, awaited, context.operationId);
  return (standing?.installations ?? []).map(refOf);
}
