import { codeDigest, memoryMegabytes as memoryOf, type Contract, type ContractInstallation } from '@guildhall/resources';
import { recordAudit, type AuditRecord } from '../audit/audit-repository.ts';
import { capacityProblems, type Capacity } from '../consortia/capacity.ts';
import { findConsortium } from '../consortia/consortium-repository.ts';
import { contractObjects } from '../consortia/consortium-resources.ts';
import { listed, type Plan } from '../consortia/plan.ts';
import { transact, type Connection, type Database } from '../database/database.ts';
import type { ContractDecisionRow, ContractDefinitionRow, OperationRow } from '../database/schema.ts';
import { ApiProblem, notFound, refuse } from '../errors.ts';
import type { OperationKind } from '../operations/operation.ts';
import { findOperation, lockOperation, lookAgain, reopenStep, stepsOf } from '../operations/operation-repository.ts';
import type { OperationService } from '../operations/operation-service.ts';
import { findObject } from '../projections/find-object.ts';
import { projectionsOf } from '../projections/projection-repository.ts';
import { parseInput } from '../validation.ts';
import { channelFacts, type ChannelParty } from './channel-facts.ts';
import { approveInput, rejectInput } from './contract-input.ts';
import { decisionsOf, recordDecision, standingDefinition } from './definition-repository.ts';
import { consentStep } from './deploy-contract.ts';
import type { LateApprovalPlan } from './late-approval.ts';
import { whatFollows } from './what-follows.ts';

/** What a member said, and the operation that goes on by it; null when nothing does. */
export interface ConsentAnswer {
  decision: ContractDecisionRow;
  operation: OperationRow | null;
}

export interface ConsentService {
  approve(input: unknown, actor: string): Promise<ConsentAnswer>;
  reject(input: unknown, actor: string): Promise<ConsentAnswer>;
}

interface Asked {
  actor: string;
  consortium: string;
  contract: Contract;
  party: ChannelParty;
  state: ContractDecisionRow['state'];
  words: string | null;
}

const conflict = (message: string, nextAction: string): ApiProblem => new ApiProblem({ code: 'CONFLICT', message, nextAction });

export function createConsentService(dependencies: {
  db: Database;
  operations: Pick<OperationService, 'begin'>;
  capacity: Capacity;
  approveKind: OperationKind<LateApprovalPlan>;
  ringSoon: () => void;
}): ConsentService {
  const { db, operations, capacity, approveKind, ringSoon } = dependencies;

  const find = async (input: { consortium: string; contract: string; member: string }): Promise<Pick<Asked, 'consortium' | 'contract' | 'party'>> => {
    const row = await findConsortium(db, { name: input.consortium });
    if (row?.state !== 'live') throw notFound('consortium', 'consortium');
    const objects = await projectionsOf(db, [input.consortium]);
    const contract = findObject<Contract>(objects, 'Contract', input.contract);
    if (!contract) throw notFound('contract', 'contract');
    const party = channelFacts(objects, contract.spec.channel)?.members.find(({ name }) => name === input.member);
    if (!party) throw notFound(`member of the channel ${contract.spec.channel}`, 'member');
    return { consortium: input.consortium, contract, party };
  };

  const auditOf = ({ actor, consortium, contract, party, state, words }: Asked, operationId: string | undefined): AuditRecord => ({
    actor,
    action: state === 'approved' ? 'approve' : 'reject',
    target: consortium,
    delegatedFor: party.name,
    ...(operationId === undefined ? {} : { operationId }),
    details: { contract: contract.metadata.name, version: contract.spec.version, artifactDigest: codeDigest(contract.spec), ...(words === null ? {} : { [state === 'approved' ? 'note' : 'reason']: words }) },
  });

  const record = async (tx: Connection, asked: Asked, definition: ContractDefinitionRow): Promise<void> => {
    await recordDecision(tx, { definition_id: definition.id, member: asked.party.name, state: asked.state, actor: asked.actor, reason: asked.words });
  };

  const decisionIn = async (tx: Connection, definition: ContractDefinitionRow, member: string): Promise<ContractDecisionRow | undefined> =>
    (await decisionsOf(tx, [definition.id])).find((decision) => decision.member === member);

  /** Decides with the operation locked, so that it neither ends nor goes on by what it read before. */
  const decideWithin = (asked: Asked): Promise<{ definition: ContractDefinitionRow; late: boolean }> =>
    transact(db, async (tx) => {
      const definition = await standingDefinition(tx, asked.consortium, asked.contract);
      if (definition === undefined) throw conflict(`the definition of ${asked.contract.metadata.name} that stands came by another way than this API, and nobody was asked about it`, 'use upgradeContract to agree on it');
      const operation = await lockOperation(tx, definition.operation_id);
      if (operation === undefined) throw new Error(`the definition ${definition.id} has no operation`);
      const before = await decisionIn(tx, definition, asked.party.name);
      const step = (await stepsOf(tx, [operation.id])).find(({ name }) => name === consentStep);
      const follows = whatFollows({ wanted: asked.state, before: before?.state, operation: operation.state, undecided: step !== undefined && step.state !== 'succeeded' });
      switch (follows.kind) {
        case 'nothing':
          return { definition, late: false };
        case 'refuse':
          throw new ApiProblem({ code: follows.code, message: `${asked.party.name}: ${follows.message}`, nextAction: follows.nextAction });
        case 'late':
          return { definition, late: true };
        default:
          await record(tx, asked, definition);
          await recordAudit(tx, [auditOf(asked, operation.id)]);
          if (follows.kind === 'reopen') await reopenStep(tx, operation.id, consentStep);
          if (follows.kind === 'ring') await lookAgain(tx, operation.id);
          return { definition, late: false };
      }
    });

  /** The others run it already: what is left to do is an operation of its own. */
  const beginLate = async (asked: Asked, definition: ContractDefinitionRow): Promise<OperationRow> => {
    const { actor, consortium, contract, party } = asked;
    const { name } = contract.metadata;
    refuse(await capacityProblems(capacity, { memoryMegabytes: memoryOf.contractInstance, nodes: 0 }));
    const [, installation] = contractObjects(consortium, { ...contract.spec, name }, [party]) as [unknown, ContractInstallation];
    const told: Plan = { resources: listed([installation]), sentences: [`${party.name} approves ${name} ${contract.spec.version} and runs it.`], warnings: [], memoryMegabytes: memoryOf.contractInstance };
    return operations.begin({
      kind: approveKind,
      consortium,
      actor,
      plan: { told, consortium, contract: name, member: party.name, definitionId: definition.id, installation },
      input: { consortium, contract: name, member: party.name },
      idempotencyKey: undefined,
      audit: [auditOf(asked, undefined)],
      alongside: (tx) => record(tx, asked, definition),
    });
  };

  const decide = async (asked: Asked): Promise<ConsentAnswer> => {
    const { definition, late } = await decideWithin(asked);
    const begun = late ? await beginLate(asked, definition) : undefined;
    ringSoon();
    const decision = await decisionIn(db, definition, asked.party.name);
    if (decision === undefined) throw new Error(`the decision of ${asked.party.name} was not written`);
    return { decision, operation: begun ?? (await findOperation(db, definition.operation_id)) ?? null };
  };

  return {
    approve: async (raw, actor) => {
      const { note = null, ...input } = parseInput(approveInput, raw);
      return decide({ ...(await find(input)), actor, state: 'approved', words: note });
    },
    reject: async (raw, actor) => {
      const { reason, ...input } = parseInput(rejectInput, raw);
      return decide({ ...(await find(input)), actor, state: 'rejected', words: reason });
    },
  };
}

