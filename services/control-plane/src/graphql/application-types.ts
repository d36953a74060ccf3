import { connectionFiles, type ConnectionFiles, type ReachableNode } from '@guildhall/fabric/connection-profile';
import { formatName } from '@guildhall/pki';
import { clientIdentityName, memberNamespace, type ClientIdentity, type Member } from '@guildhall/resources';
import { listClientIdentities } from '../applications/client-identity-repository.ts';
import type { CreatedClientIdentity } from '../applications/client-identity-service.ts';
import { connectionOf } from '../applications/connection.ts';
import { filesOf, issuedIdentity, mspFolder, type IssuedIdentity, type TextFile } from '../applications/issued-identity.ts';
import { notFound } from '../errors.ts';
import { findObject } from '../projections/find-object.ts';
import { builder } from './builder.ts';
import { withoutNulls } from './common-types.ts';
import type { RequestContext } from './context.ts';
import { optionsOf } from './mutations.ts';
import { planType } from './operation-types.ts';
import { page } from './paging.ts';
import { consortiumBy } from './queries.ts';

const textFileType = builder.objectRef<TextFile>('TextFile').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Relative to the folder that the files are written to.' }),
    text: t.exposeString('text'),
  }),
});

const memberObject = async (context: RequestContext, consortium: string, name: string): Promise<Member | undefined> =>
  findObject<Member>(await context.loaders.objects.load(consortium), 'Member', name, name);

const clientIdentityType = builder.objectRef<IssuedIdentity>('ClientIdentity').implement({
  authScopes: { admin: true },
  description: 'An application of a member: it signs with a key of its own, and has a certificate of the member for it.',
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    consortium: t.exposeString('consortium', { description: 'The name of the consortium that it belongs to.' }),
    member: t.exposeString('member'),
    mspId: t.exposeString('mspId'),
    roles: t.stringList({ description: 'The roles of contracts in which it may act.', resolve: ({ roles }) => [...roles] }),
    subject: t.string({ resolve: ({ certificate }) => formatName(certificate.subject) }),
    serial: t.string({ resolve: ({ certificate }) => certificate.serialNumber }),
    sha256: t.string({ resolve: ({ certificate }) => certificate.fingerprint }),
    notBefore: t.field({ type: 'DateTime', resolve: ({ certificate }) => certificate.notBefore }),
    notAfter: t.field({ type: 'DateTime', resolve: ({ certificate }) => certificate.notAfter }),
    certificate: t.string({ description: 'PEM.', resolve: ({ certificate }) => certificate.pem }),
    chain: t.exposeString('chain', { description: 'PEM: the certificate, and after it the authority that issued it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    createdBy: t.string({ nullable: true, description: 'Null when it was made in the cluster and not by this API.', resolve: ({ createdBy }) => createdBy ?? null }),
    mspFolder: t.field({
      type: [textFileType],
      description: 'The folder that Fabric’s tools take as CORE_PEER_MSPCONFIGPATH, but for the key: that goes into keystore/, under any name.',
      resolve: async (identity, _, context) => mspFolder(identity, await memberObject(context, identity.consortium, identity.member)),
    }),
  }),
});

const createdClientIdentityType = builder.objectRef<CreatedClientIdentity>('CreatedClientIdentity').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    plan: t.field({ type: planType, resolve: ({ plan }) => plan }),
    identity: t.field({ type: clientIdentityType, nullable: true, description: 'Null on a dry run.', resolve: ({ identity }) => identity ?? null }),
    privateKey: t.string({
      nullable: true,
      description:
        'PKCS#8 in PEM, when the input had no csr. It is in this answer and nowhere else: Guildhall keeps no copy, and the same request sent again answers null. Who lost it makes another identity.',
      resolve: ({ privateKey }) => privateKey ?? null,
    }),
  }),
});

const createClientIdentityInputType = builder.inputType('CreateClientIdentityInput', {
  fields: (t) => ({
    consortium: t.string({ required: true }),
    member: t.string({ required: true, description: 'In whose name it will act.' }),
    name: t.string({ required: true, description: 'Unique among the member’s; the certificate’s common name.' }),
    roles: t.stringList({ description: 'Among the member’s applicationRoles. Left out: none.' }),
    csr: t.string({
      description:
        'PKCS#10 in PEM for a P-256 key, so that the key never leaves whoever made it. Its subject is CN=<name> or empty, and it asks for no extensions. Left out: Guildhall makes the key and gives it out once.',
    }),
    validDays: t.int({ description: '1 to 365, and no longer than the member’s authority. Left out: 90.' }),
  }),
});

builder.mutationFields((t) => ({
  createClientIdentity: t.field({
    type: createdClientIdentityType,
    description: 'Gives an application of a member a certificate, with which it signs its own transactions.',
    args: {
      input: t.arg({ type: createClientIdentityInputType, required: true }),
      idempotencyKey: t.arg.string({ description: 'The same key with the same input does nothing twice.' }),
      dryRun: t.arg.boolean({ description: 'Answer the plan and change nothing.' }),
    },
    resolve: (_, { input, ...args }, context) => context.services.clientIdentities.create(withoutNulls(input), optionsOf(context, args)),
  }),
}));

const gatewayPeerType = builder.objectRef<ReachableNode & { tlsRoot: string }>('GatewayPeer').implement({
  authScopes: { admin: true },
  description: 'What Fabric’s gateway client connects with.',
  fields: (t) => ({
    node: t.exposeString('name', { description: 'The name of the node.' }),
    endpoint: t.exposeString('address', { description: 'host:port, for gRPC with TLS.' }),
    tlsRoot: t.exposeString('tlsRoot', { description: 'PEM.' }),
    hostName: t.string({
      nullable: true,
      description: 'The name in its TLS certificate: what grpc.ssl_target_name_override takes when the endpoint is not the address that is dialled.',
      resolve: ({ hostName }) => hostName ?? null,
    }),
  }),
});

const connectionProfileType = builder.objectRef<ConnectionFiles & { gateway: (ReachableNode & { tlsRoot: string })[] }>('ConnectionProfile').implement({
  authScopes: { admin: true },
  description: 'How applications of one member reach a channel, as its nodes are now.',
  fields: (t) => ({
    json: t.exposeString('json', { description: 'A common connection profile for Fabric’s SDKs.' }),
    yaml: t.exposeString('yaml', { description: 'The same.' }),
    gateway: t.field({ type: [gatewayPeerType], description: 'The member’s own peers in the channel, for Fabric’s gateway clients; the healthy ones first.', resolve: ({ gateway }) => gateway }),
    peerEnvironment: t.exposeString('environment', { description: 'Variables for Fabric’s command-line tool peer, for a shell in the folder of `files` and of the identity’s msp/.' }),
    files: t.field({ type: [textFileType], description: 'All of it, and the members’ TLS roots, as files of one folder.', resolve: ({ files }) => filesOf(files) }),
  }),
});

builder.queryFields((t) => ({
  connectionProfile: t.field({
    type: connectionProfileType,
    args: { consortium: t.arg.string({ required: true }), member: t.arg.string({ required: true }), channel: t.arg.string({ required: true }) },
    resolve: async (_, { consortium, ...asked }, context) => {
      const { name } = await consortiumBy(context, { name: consortium }, 'consortium');
      const connection = connectionOf(await context.loaders.objects.load(name), { consortium: name, ...asked });
      const { peers, tlsRoot } = connection.client;
      return { ...connectionFiles(connection), gateway: peers.map((peer) => ({ ...peer, tlsRoot })) };
    },
  }),
  clientIdentities: t.connection({
    type: clientIdentityType,
    description: 'The applications of a member that have a certificate, by name.',
    args: { consortium: t.arg.string({ required: true }), member: t.arg.string({ required: true }) },
    resolve: async (_, { consortium, member, ...args }, context) => {
      const { name } = await consortiumBy(context, { name: consortium }, 'consortium');
      if (!(await memberObject(context, name, member))) throw notFound('member', 'member');
      return page<IssuedIdentity>(args, { cursorOf: (identity) => identity.name, isCursor: (text) => clientIdentityName.safeParse(text).success }, async (query) => {
        const found: ClientIdentity[] = await listClientIdentities(context.services.db, { namespace: memberNamespace(name, member), ...query });
        return found.flatMap((object) => issuedIdentity(object) ?? []);
      });
    },
  }),
}));
