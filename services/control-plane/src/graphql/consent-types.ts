import { specDigest, type Channel, type Contract } from '@guildhall/resources';
import type { ConsentAnswer } from '../contracts/consent-service.ts';
import { contractConsents } from '../contracts/contract-input.ts';
import { decisionsOf, definitionsOf } from '../contracts/definition-repository.ts';
import type { ContractDecisionRow, ContractDefinitionRow } from '../database/schema.ts';
import { builder } from './builder.ts';
import { actorOf, type RequestContext } from './context.ts';
import { withoutNulls } from './common-types.ts';
import { contractSourceType } from './contract-source-types.ts';
import { operationType } from './operation-types.ts';

export const contractConsentType = builder.enumType('ContractConsent', {
  description: 'delegated: who deploys consents for all members, and each such consent is recorded as delegated. each: every member approves or rejects.',
  values: contractConsents,
});

/** What a member said of a definition; nothing, as long as it is waited for. */
type Decision = Pick<ContractDecisionRow, 'state' | 'at' | 'actor' | 'reason'> | 'waiting';

const decisionType = builder.objectRef<Decision>('ContractDecision').implement({
  authScopes: { admin: true },
  description: 'What a member said of the definition that stands.',
  fields: (t) => ({
    state: t.string({ description: 'waiting, approved or rejected.', resolve: (decision) => (decision === 'waiting' ? decision : decision.state) }),
    at: t.field({ type: 'DateTime', nullable: true, resolve: (decision) => (decision === 'waiting' ? null : decision.at) }),
    by: t.string({ nullable: true, description: 'Who said it in the member’s name.', resolve: (decision) => (decision === 'waiting' ? null : decision.actor) }),
    reason: t.string({ nullable: true, description: 'Why it rejected, or its note to its approval.', resolve: (decision) => (decision === 'waiting' ? null : decision.reason) }),
  }),
});

type Progress = Omit<NonNullable<NonNullable<Contract['status']>['members']>[number], 'name'>;

export interface ContractMember extends Progress {
  name: string;
  consortium: string;
  contract: string;
  /** Null: the definition came by another way than this API. */
  decision: Decision | null;
}

export const contractMemberType = builder.objectRef<ContractMember>('ContractMember').implement({
  authScopes: { admin: true },
  description: 'How far one member is with a contract.',
  fields: (t) => ({
    name: t.exposeString('name'),
    consented: t.exposeBoolean('consented', { description: 'Its installation is written down.' }),
    installed: t.exposeBoolean('installed'),
    sameCode: t.exposeBoolean('sameCode'),
    approved: t.exposeBoolean('approved', { description: 'Its approval is on the ledger.' }),
    running: t.exposeBoolean('running'),
    decision: t.field({ type: decisionType, nullable: true, description: 'Null when the definition came by another way than this API.', resolve: ({ decision }) => decision }),
  }),
});

const notBegun: Progress = { consented: false, installed: false, sameCode: false, approved: false, running: false };

/** The members of the contract's channel, with what each said and how far it is. */
export async function contractMembers({ services, loaders }: RequestContext, consortium: string, { metadata: { name }, spec, status }: Contract): Promise<ContractMember[]> {
  const objects = await loaders.objects.load(consortium);
  const channel = objects.find((object): object is Channel & { consortium: string } => object.kind === 'Channel' && object.metadata.name === spec.channel);
  const definition = (await definitionsOf(services.db, consortium, name)).find((each) => each.spec_digest === specDigest(spec));
  const decisions = definition === undefined ? [] : await decisionsOf(services.db, [definition.id]);
  return (channel?.spec.members ?? []).map((member) => {
    const progress = status?.members?.find((each) => each.name === member.name);
    const decided = decisions.find((decision) => decision.member === member.name);
    return { ...notBegun, ...progress, name: member.name, consortium, contract: name, decision: definition === undefined ? null : (decided ?? 'waiting') };
  });
}

export const contractVersionType = builder.objectRef<ContractDefinitionRow>('ContractVersion').implement({
  authScopes: { admin: true },
  description: 'A definition of a contract that was proposed to its members, and not taken back.',
  fields: (t) => ({
    version: t.exposeString('version'),
    artifactDigest: t.exposeString('artifact_digest'),
    consent: t.field({ type: contractConsentType, resolve: ({ consent }) => consent }),
    proposedAt: t.expose('created_at', { type: 'DateTime' }),
    proposedBy: t.exposeString('created_by'),
    operationId: t.exposeID('operation_id'),
    source: t.field({ type: contractSourceType, nullable: true, description: 'Null when it is not known.', resolve: ({ artifact_digest }, _, { loaders }) => loaders.contractSources.load(artifact_digest) }),
  }),
});

const answerType = builder.objectRef<ConsentAnswer>('ContractConsentAnswer').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    decision: t.field({ type: decisionType, resolve: ({ decision }) => decision }),
    operation: t.field({ type: operationType, nullable: true, description: 'The operation that goes on by it. One that failed is retried with retryOperation.', resolve: ({ operation }) => operation }),
  }),
});

const approveInput = builder.inputType('ApproveInput', {
  fields: (t) => ({
    consortium: t.string({ required: true }),
    contract: t.string({ required: true }),
    member: t.string({ required: true, description: 'In whose name.' }),
    note: t.string(),
  }),
});

const rejectInput = builder.inputType('RejectInput', {
  fields: (t) => ({
    consortium: t.string({ required: true }),
    contract: t.string({ required: true }),
    member: t.string({ required: true, description: 'In whose name.' }),
    reason: t.string({ required: true, description: 'The others see it.' }),
  }),
});

builder.mutationFields((t) => ({
  approve: t.field({
    type: answerType,
    description: 'A member consents to the definition of a contract that stands, and then runs it. Said twice, it does nothing more.',
    args: { input: t.arg({ type: approveInput, required: true }) },
    resolve: (_, { input }, context) => context.services.consents.approve(withoutNulls(input), actorOf(context)),
  }),
  reject: t.field({
    type: answerType,
    description: 'A member refuses the definition of a contract that stands. It may approve later.',
    args: { input: t.arg({ type: rejectInput, required: true }) },
    resolve: (_, { input }, context) => context.services.consents.reject(withoutNulls(input), actorOf(context)),
  }),
}));
