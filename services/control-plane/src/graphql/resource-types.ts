import { codeDigest, type Channel, type Contract, type Member, type Node } from '@guildhall/resources';
import { definitionsOf } from '../contracts/definition-repository.ts';
import type { ConsortiumRow, ConsortiumState } from '../database/schema.ts';
import { ownerOf, type ClusterObject } from '../projections/cluster-view.ts';
import { conditionsOf, isReady } from '../projections/conditions.ts';
import { builder } from './builder.ts';
import { conditionType } from './common-types.ts';
import { contractMembers, contractMemberType, contractVersionType } from './consent-types.ts';
import { contractSourceType } from './contract-source-types.ts';
import type { RequestContext } from './context.ts';

/** An object of the cluster, and the consortium that it belongs to. */
export interface Of<T> {
  consortium: string;
  object: T;
}

const consortiumObjects = (context: RequestContext, consortium: string): Promise<ClusterObject[]> => context.loaders.objects.load(consortium);

const ofKind = async <T extends ClusterObject>(context: RequestContext, consortium: string, kind: string): Promise<Of<T>[]> =>
  (await consortiumObjects(context, consortium))
    .filter((object): object is T => object.kind === kind)
    .map((object) => ({ consortium, object }));

const certificateType = builder.objectRef<NonNullable<NonNullable<Node['status']>['certificates']>[number]>('NodeCertificate').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    use: t.exposeString('use'),
    subject: t.exposeString('subject'),
    serial: t.exposeString('serial'),
    sha256: t.exposeString('sha256'),
    notBefore: t.expose('notBefore', { type: 'DateTime' }),
    notAfter: t.expose('notAfter', { type: 'DateTime' }),
    pem: t.exposeString('pem'),
  }),
});

const nodeChannelType = builder.objectRef<NonNullable<NonNullable<Node['status']>['channels']>[number]>('NodeChannel').implement({
  authScopes: { admin: true },
  description: 'A channel as one node sees it.',
  fields: (t) => ({
    name: t.exposeString('name'),
    height: t.exposeInt('height'),
    lag: t.exposeInt('lag', { description: 'Blocks behind the highest node of the channel.' }),
    relation: t.exposeString('relation', { nullable: true }),
    status: t.exposeString('status', { nullable: true }),
    leader: t.exposeBoolean('leader', { nullable: true }),
  }),
});

const nodeHealthType = builder.objectRef<NonNullable<NonNullable<Node['status']>['health']>>('NodeHealth').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    state: t.exposeString('state', { description: 'Healthy, Unhealthy, Unreachable, Starting or Ended.' }),
    message: t.exposeString('message'),
    since: t.expose('since', { type: 'DateTime' }),
  }),
});

export const nodeType = builder.objectRef<Of<Node>>('Node').implement({
  authScopes: { admin: true },
  description: 'A peer or an orderer of a member.',
  fields: (t) => ({
    id: t.id({ resolve: ({ object }) => object.metadata.uid ?? '' }),
    name: t.string({ resolve: ({ object }) => object.metadata.name }),
    consortium: t.exposeString('consortium', { description: 'The name of the consortium that it belongs to.' }),
    member: t.string({ resolve: ({ object }) => object.spec.member }),
    role: t.string({ resolve: ({ object }) => object.spec.role }),
    version: t.string({ nullable: true, resolve: ({ object }) => object.status?.version ?? null }),
    endpoint: t.string({ nullable: true, resolve: ({ object }) => object.status?.endpoint ?? null }),
    operationsEndpoint: t.string({ nullable: true, resolve: ({ object }) => object.status?.operationsEndpoint ?? null }),
    restarts: t.int({ resolve: ({ object }) => object.status?.restarts ?? 0 }),
    health: t.field({ type: nodeHealthType, nullable: true, resolve: ({ object }) => object.status?.health ?? null }),
    channels: t.field({ type: [nodeChannelType], resolve: ({ object }) => object.status?.channels ?? [] }),
    certificates: t.field({ type: [certificateType], resolve: ({ object }) => object.status?.certificates ?? [] }),
    ready: t.boolean({ resolve: ({ object }) => isReady(object) }),
    conditions: t.field({ type: [conditionType], resolve: ({ object }) => conditionsOf(object) }),
  }),
});

export const memberType = builder.objectRef<Of<Member>>('Member').implement({
  authScopes: { admin: true },
  description: 'One organisation in one consortium.',
  fields: (t) => ({
    id: t.id({ resolve: ({ object }) => object.metadata.uid ?? '' }),
    name: t.string({ resolve: ({ object }) => object.metadata.name }),
    consortium: t.exposeString('consortium', { description: 'The name of the consortium that it belongs to.' }),
    mspId: t.string({ resolve: ({ object }) => object.spec.mspId }),
    displayName: t.string({ nullable: true, resolve: ({ object }) => object.spec.displayName ?? null }),
    roles: t.stringList({ resolve: ({ object }) => object.spec.roles }),
    applicationRoles: t.stringList({ resolve: ({ object }) => object.spec.applicationRoles }),
    certificateAuthority: t.string({ resolve: ({ object }) => object.spec.certificateAuthority }),
    signingRoot: t.string({ nullable: true, resolve: ({ object }) => object.status?.certificateAuthority?.signing.root ?? null }),
    tlsRoot: t.string({ nullable: true, resolve: ({ object }) => object.status?.certificateAuthority?.tls.root ?? null }),
    nodes: t.field({
      type: [nodeType],
      resolve: async ({ consortium, object }, _, context) =>
        (await ofKind<Node>(context, consortium, 'Node')).filter((node) => ownerOf(node.object)?.member === object.metadata.name),
    }),
    ready: t.boolean({ resolve: ({ object }) => isReady(object) }),
    conditions: t.field({ type: [conditionType], resolve: ({ object }) => conditionsOf(object) }),
  }),
});

const consenterType = builder.objectRef<NonNullable<NonNullable<Channel['status']>['consenters']>[number]>('Consenter').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    member: t.exposeString('member'),
    node: t.exposeString('node'),
    endpoint: t.exposeString('endpoint', { nullable: true }),
    joined: t.exposeBoolean('joined'),
    height: t.exposeInt('height', { nullable: true }),
  }),
});

const channelMemberType = builder.objectRef<NonNullable<NonNullable<Channel['status']>['members']>[number]>('ChannelMember').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    name: t.exposeString('name'),
    consented: t.exposeBoolean('consented'),
    peers: t.exposeInt('peers'),
    peersJoined: t.exposeInt('peersJoined'),
    height: t.exposeInt('height', { nullable: true }),
  }),
});

export const contractType = builder.objectRef<Of<Contract>>('Contract').implement({
  authScopes: { admin: true },
  description: 'A contract that members of a channel agreed to run.',
  fields: (t) => ({
    id: t.id({ resolve: ({ object }) => object.metadata.uid ?? '' }),
    name: t.string({ resolve: ({ object }) => object.metadata.name }),
    consortium: t.exposeString('consortium', { description: 'The name of the consortium that it belongs to.' }),
    channel: t.string({ resolve: ({ object }) => object.spec.channel }),
    version: t.string({ resolve: ({ object }) => object.spec.version, description: 'The version that was agreed last.' }),
    committedVersion: t.string({ nullable: true, resolve: ({ object }) => object.status?.committed?.version ?? null }),
    sequence: t.int({ nullable: true, resolve: ({ object }) => object.status?.committed?.sequence ?? null }),
    artifactDigest: t.string({ resolve: ({ object }) => codeDigest(object.spec), description: 'Of the code: what Guildhall built, or the image.' }),
    image: t.string({ nullable: true, resolve: ({ object }) => object.spec.image ?? null, description: 'Null: Guildhall built the code itself.' }),
    packageId: t.string({ nullable: true, resolve: ({ object }) => object.status?.packageId ?? null }),
    endorsementPolicy: t.string({ resolve: ({ object }) => object.spec.endorsementPolicy, description: 'Empty: the channel’s.' }),
    members: t.field({ type: [contractMemberType], resolve: ({ consortium, object }, _, context) => contractMembers(context, consortium, object) }),
    source: t.field({
      type: contractSourceType,
      nullable: true,
      description: 'From which the code of this version is built; null when it is not known, as that of an image.',
      resolve: ({ object }, _, context) => context.loaders.contractSources.load(codeDigest(object.spec)),
    }),
    versions: t.field({
      type: [contractVersionType],
      description: 'This version and those before it, newest first; 100 at most.',
      resolve: ({ consortium, object }, _, context) => definitionsOf(context.services.db, consortium, object.metadata.name),
    }),
    metadata: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Operations with their arguments, states, transitions, roles, events; null when it is not known, as that of an image.',
      resolve: ({ object }, _, context) => context.loaders.contractMetadata.load(codeDigest(object.spec)),
    }),
    ready: t.boolean({ resolve: ({ object }) => isReady(object) }),
    conditions: t.field({ type: [conditionType], resolve: ({ object }) => conditionsOf(object) }),
  }),
});

export const channelType = builder.objectRef<Of<Channel>>('Channel').implement({
  authScopes: { admin: true },
  description: 'A ledger within a consortium.',
  fields: (t) => ({
    id: t.id({ resolve: ({ object }) => object.metadata.uid ?? '' }),
    name: t.string({ resolve: ({ object }) => object.metadata.name }),
    consortium: t.exposeString('consortium', { description: 'The name of the consortium that it belongs to.' }),
    ordering: t.string({ resolve: ({ object }) => object.spec.ordering.type }),
    endorsementPolicy: t.string({ resolve: ({ object }) => object.spec.policies.endorsement }),
    height: t.int({ nullable: true, resolve: ({ object }) => object.status?.height ?? null }),
    configSequence: t.int({ nullable: true, resolve: ({ object }) => object.status?.configSequence ?? null }),
    leader: t.string({ nullable: true, resolve: ({ object }) => object.status?.leader ?? null }),
    genesisDigest: t.string({ nullable: true, resolve: ({ object }) => object.status?.genesisDigest ?? null }),
    consenters: t.field({ type: [consenterType], resolve: ({ object }) => object.status?.consenters ?? [] }),
    members: t.field({ type: [channelMemberType], resolve: ({ object }) => object.status?.members ?? [] }),
    contracts: t.field({
      type: [contractType],
      resolve: async ({ consortium, object }, _, context) =>
        (await ofKind<Contract>(context, consortium, 'Contract')).filter((contract) => contract.object.spec.channel === object.metadata.name),
    }),
    ready: t.boolean({ resolve: ({ object }) => isReady(object) }),
    conditions: t.field({ type: [conditionType], resolve: ({ object }) => conditionsOf(object) }),
  }),
});

/** Of what was deleted nothing is left, also while its projections still follow, or when another has its name. */
const ofRow = <T extends ClusterObject>(context: RequestContext, { name, state }: ConsortiumRow, kind: string): Promise<Of<T>[]> => (state === 'deleted' ? Promise.resolve([]) : ofKind<T>(context, name, kind));

const findConsortiumObject = async (context: RequestContext, row: ConsortiumRow): Promise<ClusterObject | undefined> => (await ofRow(context, row, 'Consortium'))[0]?.object;

/** How a consortium is that has no controller to say so, or not for long. */
const summaries: Record<ConsortiumState, string> = {
  live: 'It is being set up.',
  deleting: 'It is being deleted.',
  kept: 'It was deleted. Its data volumes and keys were kept and hold its name; deleting it once more with deleteData removes them.',
  deleted: 'It was deleted with its data.',
};

export const consortiumType = builder.objectRef<ConsortiumRow>('Consortium').implement({
  authScopes: { admin: true },
  description: 'A ledger that several organisations run together.',
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    state: t.exposeString('state', { description: 'live, deleting, or kept: it is gone and its data is not. The last word of a subscription may be deleted.' }),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
    createdBy: t.exposeString('created_by'),
    profile: t.string({
      nullable: true,
      resolve: async (row, _, context) => ((await findConsortiumObject(context, row))?.spec as { profile?: string } | undefined)?.profile ?? null,
    }),
    summary: t.string({
      description: 'One sentence on how it is.',
      resolve: async (row, _, context) => {
        const object = await findConsortiumObject(context, row);
        const told = row.state === 'live' ? (object?.status as { summary?: string } | undefined)?.summary : undefined;
        return told ?? summaries[row.state];
      },
    }),
    ready: t.boolean({ resolve: async (row, _, context) => isReady(await findConsortiumObject(context, row)) }),
    conditions: t.field({ type: [conditionType], resolve: async (row, _, context) => conditionsOf(await findConsortiumObject(context, row)) }),
    members: t.field({ type: [memberType], resolve: (row, _, context) => ofRow<Member>(context, row, 'Member') }),
    nodes: t.field({ type: [nodeType], resolve: (row, _, context) => ofRow<Node>(context, row, 'Node') }),
    channels: t.field({ type: [channelType], resolve: (row, _, context) => ofRow<Channel>(context, row, 'Channel') }),
    contracts: t.field({ type: [contractType], resolve: (row, _, context) => ofRow<Contract>(context, row, 'Contract') }),
  }),
});
