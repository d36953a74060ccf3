import { builder } from './builder.ts';
import { withoutNulls } from './common-types.ts';
import { nodeRole } from './inputs.ts';
import { optionsOf } from './mutations.ts';
import { plannedOperationType } from './operation-types.ts';
import { nodeType } from './resource-types.ts';

builder.objectFields(nodeType, (t) => ({
  cpu: t.string({ nullable: true, description: 'What it is given, as in 500m; null: as much as there is.', resolve: ({ object }) => object.spec.resources?.cpu ?? null }),
  memory: t.string({ nullable: true, description: 'What it is given, as in 512Mi; null: as much as there is.', resolve: ({ object }) => object.spec.resources?.memory ?? null }),
  storage: t.string({ description: 'The size of its volume, as in 10Gi.', resolve: ({ object }) => object.spec.storage.size }),
  storageClass: t.string({ nullable: true, description: 'Of its volume; null: the cluster’s default, as it was when the volume was made.', resolve: ({ object }) => object.spec.storage.className ?? null }),
  exposure: t.string({ description: 'Local: on this machine. ClusterDNS: within the cluster. NodePort: also from outside, at a port of its machines. Gateway: also from outside, through a gateway.', resolve: ({ object }) => object.spec.exposure }),
  externalEndpoint: t.string({ nullable: true, description: 'Where it is reached by gRPC from outside the cluster.', resolve: ({ object }) => object.status?.externalEndpoint ?? null }),
  adminEndpoint: t.string({ nullable: true, description: 'Orderers: where channels are joined and left.', resolve: ({ object }) => object.status?.adminEndpoint ?? null }),
  pod: t.string({ nullable: true, description: 'The name of its pod.', resolve: ({ object }) => object.status?.pod?.name ?? null }),
  image: t.string({ nullable: true, description: 'What its pod runs.', resolve: ({ object }) => object.status?.pod?.image ?? null }),
  startedAt: t.field({ type: 'DateTime', nullable: true, description: 'When its process began; null while none runs.', resolve: ({ object }) => object.status?.pod?.startedAt ?? null }),
  restartedAt: t.field({ type: 'DateTime', nullable: true, description: 'When a restart was last asked for.', resolve: ({ object }) => object.spec.restartedAt ?? null }),
}));

const addNodeInput = builder.inputType('AddNodeInput', {
  fields: (t) => ({
    consortium: t.string({ required: true }),
    member: t.string({ required: true }),
    name: t.string({ required: true }),
    role: t.field({ type: nodeRole, required: true, description: 'peer; orderers cannot be added to a running consortium yet.' }),
    cpu: t.string({ description: 'As in 500m.' }),
    memory: t.string({ description: 'As in 512Mi.' }),
    storage: t.string({ description: 'As in 10Gi.' }),
    storageClass: t.string({ description: 'Of its volume, for good. Left out: the installation’s, or else the cluster’s default.' }),
    channels: t.stringList({ description: 'Left out: every channel that the member takes part in.' }),
  }),
});

const removeNodeInput = builder.inputType('RemoveNodeInput', {
  fields: (t) => ({
    consortium: t.string({ required: true }),
    member: t.string({ required: true }),
    name: t.string({ required: true }),
    confirmName: t.string({ description: 'The node’s name again: what holds a ledger is not removed by a slip.' }),
    deleteData: t.boolean({ description: 'Delete its volume and keys too. Left out: they stay, for a peer that is added under the same name.' }),
  }),
});

const changeNodeInput = builder.inputType('ChangeNodeInput', {
  description: 'What is left out stays as it is.',
  fields: (t) => ({
    consortium: t.string({ required: true }),
    member: t.string({ required: true }),
    name: t.string({ required: true }),
    cpu: t.string({ description: 'As in 500m.' }),
    memory: t.string({ description: 'As in 512Mi.' }),
    storage: t.string({ description: 'As in 20Gi. A volume can only grow.' }),
    version: t.string({ description: 'Of Fabric, as in 3.1.' }),
  }),
});

const restartNodeInput = builder.inputType('RestartNodeInput', {
  fields: (t) => ({
    consortium: t.string({ required: true }),
    member: t.string({ required: true }),
    name: t.string({ required: true }),
  }),
});

builder.mutationFields((t) => {
  const planning = {
    idempotencyKey: t.arg.string({ description: 'The same key with the same input does nothing twice.' }),
    dryRun: t.arg.boolean({ description: 'Answer the plan and change nothing.' }),
  };
  return {
    addNode: t.field({
      type: plannedOperationType,
      description: 'Adds a peer to a member of a running consortium, its channels and its contracts.',
      args: { input: t.arg({ type: addNodeInput, required: true }), ...planning },
      resolve: (_, { input, ...args }, context) => context.services.nodes.add(withoutNulls(input), optionsOf(context, args)),
    }),
    removeNode: t.field({
      type: plannedOperationType,
      description: 'Takes a peer out of its channels and contracts, then stops it.',
      args: { input: t.arg({ type: removeNodeInput, required: true }), ...planning },
      resolve: (_, { input, ...args }, context) => context.services.nodes.remove(withoutNulls(input), optionsOf(context, args)),
    }),
    changeNode: t.field({
      type: plannedOperationType,
      description: 'Gives a node other resources, a larger volume or another version of Fabric.',
      args: { input: t.arg({ type: changeNodeInput, required: true }), ...planning },
      resolve: (_, { input, ...args }, context) => context.services.nodes.change(withoutNulls(input), optionsOf(context, args)),
    }),
    restartNode: t.field({
      type: plannedOperationType,
      description: 'Ends a node’s process and starts another one with its data.',
      args: { input: t.arg({ type: restartNodeInput, required: true }), ...planning },
      resolve: (_, { input, ...args }, context) => context.services.nodes.restart(withoutNulls(input), optionsOf(context, args)),
    }),
  };
});
