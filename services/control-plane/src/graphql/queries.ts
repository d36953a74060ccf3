import type { Channel, Contract, Member, Node } from '@guildhall/resources';
import { shortName } from '@guildhall/resources';
import { z } from 'zod';
import { listAudit } from '../audit/audit-repository.ts';
import { findConsortium, listConsortia } from '../consortia/consortium-repository.ts';
import { buildVersion } from '../contracts/build.ts';
import type { ContractRole, Template, TemplateVersion } from '../contracts/catalogue.ts';
import type { ConsortiumRow, OperationRow } from '../database/schema.ts';
import { ApiProblem, notFound } from '../errors.ts';
import { transactionInput } from '../ledger/ledger.ts';
import { findOperation, listOperations } from '../operations/operation-repository.ts';
import { findProjection } from '../projections/projection-repository.ts';
import { parseInput } from '../validation.ts';
import { builder } from './builder.ts';
import { withoutNulls } from './common-types.ts';
import { certificateType, listCertificates } from './certificate-types.ts';
import type { RequestContext } from './context.ts';
import { contractSourceType } from './contract-source-types.ts';
import { evaluateTransactionInput } from './inputs.ts';
import { operationType } from './operation-types.ts';
import { page, uuid } from './paging.ts';
import { channelType, consortiumType, contractType, memberType, nodeType, type Of } from './resource-types.ts';

const isShortName = (text: string): boolean => shortName.safeParse(text).success;
const auditPage = z.strictObject({ first: z.int().min(1).max(200), before: z.string().regex(/^\d{1,18}$/, 'is not an id that came from here').optional() });

export async function consortiumBy(context: RequestContext, key: { id?: string | null | undefined; name?: string | null | undefined }, path = 'name'): Promise<ConsortiumRow> {
  const { db } = context.services;
  if (typeof key.id === 'string' && typeof key.name === 'string') {
    throw new ApiProblem({ code: 'INVALID_INPUT', path, message: `${path}: it cannot stand together with id`, nextAction: 'send one of the two' });
  }
  if (typeof key.id === 'string') {
    const row = uuid.test(key.id) ? await findConsortium(db, { id: key.id }) : undefined;
    if (!row) throw notFound('consortium', 'id');
    return row;
  }
  if (typeof key.name !== 'string') {
    throw new ApiProblem({ code: 'INVALID_INPUT', path: 'id', message: 'give the id or the name of the consortium', nextAction: 'send one of the two' });
  }
  const row = isShortName(key.name) ? await findConsortium(db, { name: key.name }) : undefined;
  if (!row) throw notFound('consortium', path);
  return row;
}

export async function operationBy(context: RequestContext, id: string): Promise<OperationRow> {
  const row = uuid.test(id) ? await findOperation(context.services.db, id) : undefined;
  if (!row) throw notFound('operation', 'id');
  return row;
}

export const objectBy = async <T extends Of<unknown>>(context: RequestContext, kind: string, id: string): Promise<T> => {
  const found = uuid.test(id) ? await findProjection(context.services.db, kind, id) : undefined;
  if (!found) throw notFound(kind.toLowerCase(), 'id');
  return found as T;
};

const templateVersionType = builder.objectRef<TemplateVersion & { template: string }>('TemplateVersion').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    version: t.exposeString('version'),
    description: t.exposeString('description'),
    artifactDigest: t.string({
      description: 'Of its code: what a Contract names that comes by another way than this API.',
      resolve: async ({ template, version }, _, { services }) => (await buildVersion(services.catalogue, { template, version }, '')).artifactDigest,
    }),
    source: t.field({ type: contractSourceType, description: 'To read, or to begin a contract of one’s own with.', resolve: ({ template, version }, _, { services }) => services.catalogue.source(template, version) }),
  }),
});
const contractRoleType = builder.objectRef<ContractRole>('ContractRole').implement({
  authScopes: { admin: true },
  fields: (t) => ({ name: t.exposeString('name'), title: t.exposeString('title') }),
});
const templateType = builder.objectRef<Template>('Template').implement({
  authScopes: { admin: true },
  description: 'A contract that is ready to deploy.',
  fields: (t) => ({
    id: t.exposeString('id'),
    title: t.exposeString('title'),
    description: t.exposeString('description'),
    roles: t.field({ type: [contractRoleType], description: 'Roles that its operations ask for: among the applicationRoles of members, or nobody can call these.', resolve: ({ roles }) => [...roles] }),
    versions: t.field({ type: [templateVersionType], resolve: ({ id, versions }) => versions.map((version) => ({ ...version, template: id })) }),
  }),
});

const auditRecordType = builder.objectRef<Awaited<ReturnType<typeof listAudit>>[number]>('AuditRecord').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    id: t.exposeID('id'),
    at: t.expose('at', { type: 'DateTime' }),
    actor: t.exposeString('actor'),
    action: t.exposeString('action'),
    target: t.exposeString('target'),
    delegatedFor: t.exposeString('delegated_for', { nullable: true, description: 'The member in whose name the actor consented.' }),
    operationId: t.exposeID('operation_id', { nullable: true }),
    details: t.expose('details', { type: 'JSON' }),
  }),
});

builder.queryFields((t) => ({
  consortium: t.field({
    type: consortiumType,
    args: { id: t.arg.id(), name: t.arg.string() },
    resolve: (_, { id, name }, context) => consortiumBy(context, { id, name }),
  }),
  consortia: t.connection({
    type: consortiumType,
    resolve: (_, args, { services }) =>
      page<ConsortiumRow>(args, { cursorOf: (row) => row.name, isCursor: isShortName }, (query) => listConsortia(services.db, query)),
  }),
  member: t.field({ type: memberType, args: { id: t.arg.id({ required: true }) }, resolve: (_, { id }, context) => objectBy<Of<Member>>(context, 'Member', id) }),
  node: t.field({ type: nodeType, args: { id: t.arg.id({ required: true }) }, resolve: (_, { id }, context) => objectBy<Of<Node>>(context, 'Node', id) }),
  channel: t.field({ type: channelType, args: { id: t.arg.id({ required: true }) }, resolve: (_, { id }, context) => objectBy<Of<Channel>>(context, 'Channel', id) }),
  contract: t.field({ type: contractType, args: { id: t.arg.id({ required: true }) }, resolve: (_, { id }, context) => objectBy<Of<Contract>>(context, 'Contract', id) }),
  certificates: t.field({
    type: [certificateType],
    description: 'Every certificate of a consortium’s members, of their nodes and of their applications; the one that expires first comes first.',
    args: { consortium: t.arg.string({ required: true }), member: t.arg.string() },
    resolve: async (_, { consortium, member }, context) => {
      const { name } = await consortiumBy(context, { name: consortium }, 'consortium');
      return listCertificates(context, name, member ?? undefined);
    },
  }),
  operation: t.field({ type: operationType, args: { id: t.arg.id({ required: true }) }, resolve: (_, { id }, context) => operationBy(context, id) }),
  operations: t.connection({
    type: operationType,
    description: 'Newest first.',
    args: { consortium: t.arg.string() },
    resolve: (_, { consortium, ...args }, { services }) =>
      page<OperationRow>(args, { cursorOf: (row) => row.id, isCursor: (text) => uuid.test(text) }, (query) =>
        // No consortium has a name that could not be one.
        typeof consortium === 'string' && !isShortName(consortium)
          ? Promise.resolve([])
          : listOperations(services.db, { ...query, consortium: consortium ?? undefined }),
      ),
  }),
  templates: t.field({ type: [templateType], resolve: (_, __, { services }) => services.catalogue.templates }),
  audit: t.field({
    type: [auditRecordType],
    description: 'What was done, newest first.',
    args: { target: t.arg.string(), before: t.arg.id(), first: t.arg.int({ defaultValue: 50 }) },
    resolve: (_, { target, before, first }, { services }) => {
      const limit = parseInput(auditPage, { first: first ?? 50, before: before ?? undefined });
      return listAudit(services.db, { target: target ?? undefined, beforeId: limit.before, limit: limit.first });
    },
  }),
  evaluateTransaction: t.string({
    description: 'Asks a contract without writing. Answers what the contract answered.',
    args: { input: t.arg({ type: evaluateTransactionInput, required: true }) },
    resolve: (_, { input }, { services }) => services.ledger.evaluate(parseInput(transactionInput, withoutNulls(input))),
  }),
}));
