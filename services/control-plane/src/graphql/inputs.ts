import { builder } from './builder.ts';
import { contractConsentType } from './consent-types.ts';
import { contractSourceInput } from './contract-source-types.ts';

const profile = builder.enumType('Profile', {
  description: 'sandbox: fast timers, for trials. production: Fabric’s ledger settings.',
  values: ['sandbox', 'production'] as const,
});
export const nodeRole = builder.enumType('NodeRole', { values: ['peer', 'orderer'] as const });
const memberRole = builder.enumType('MemberRole', { values: ['ordering', 'endorsing', 'observing'] as const });
const ordering = builder.enumType('Ordering', { values: ['raft', 'bft'] as const });

const nodeInput = builder.inputType('NodeInput', {
  fields: (t) => ({
    name: t.string({ required: true }),
    role: t.field({ type: nodeRole, required: true }),
    cpu: t.string({ description: 'As in 500m.' }),
    memory: t.string({ description: 'As in 512Mi.' }),
    storage: t.string({ description: 'As in 10Gi.' }),
    storageClass: t.string({ description: 'Of its volume, for good. Left out: the installation’s, or else the cluster’s default.' }),
  }),
});

const memberInput = builder.inputType('MemberInput', {
  fields: (t) => ({
    name: t.string({ required: true }),
    mspId: t.string({ required: true }),
    displayName: t.string(),
    roles: t.field({ type: [memberRole], description: 'Left out: what its nodes say.' }),
    applicationRoles: t.stringList({ description: 'Roles that contracts know, in which its clients may act.' }),
    nodes: t.field({ type: [nodeInput] }),
  }),
});

const ordererInput = builder.inputType('OrdererInput', {
  fields: (t) => ({ member: t.string({ required: true }), node: t.string({ required: true }) }),
});

const batchInput = builder.inputType('BatchInput', {
  description: 'When a block is cut. What is left out comes from the profile.',
  fields: (t) => ({ timeoutMs: t.int(), maxMessages: t.int(), absoluteMaxBytes: t.int(), preferredMaxBytes: t.int() }),
});

const channelInput = builder.inputType('ChannelInput', {
  fields: (t) => ({
    name: t.string({ required: true }),
    members: t.stringList({ description: 'Left out: every member that runs a peer.' }),
    orderers: t.field({ type: [ordererInput], description: 'Left out: every orderer of the consortium.' }),
    ordering: t.field({ type: ordering }),
    batch: t.field({ type: batchInput }),
    tickMs: t.int({ description: 'The tick of Raft. Left out: the profile’s.' }),
    endorsementPolicy: t.string({ description: 'As in "MAJORITY Endorsement" or "AND(\'AcmeMSP.peer\', \'BankMSP.peer\')".' }),
    lifecycleEndorsementPolicy: t.string(),
  }),
});

const contractInput = builder.inputType('ContractInput', {
  fields: (t) => ({
    name: t.string({ required: true }),
    channel: t.string({ required: true }),
    template: t.string({ required: true }),
    version: t.string({ description: 'Left out: the template’s first.' }),
    endorsementPolicy: t.string({ description: 'Left out: the channel’s.' }),
  }),
});

export const createConsortiumInputType = builder.inputType('CreateConsortiumInput', {
  fields: (t) => ({
    name: t.string({ required: true }),
    profile: t.field({ type: profile }),
    members: t.field({ type: [memberInput], required: true }),
    channels: t.field({ type: [channelInput] }),
    contracts: t.field({ type: [contractInput] }),
  }),
});

export const deleteConsortiumInputType = builder.inputType('DeleteConsortiumInput', {
  fields: (t) => ({
    name: t.string({ required: true }),
    confirmName: t.string({ description: 'The name again: what holds a ledger is not deleted by a slip.' }),
    deleteData: t.boolean({ description: 'Delete ledgers and keys too. Left out: they stay.' }),
  }),
});

export const deployContractInputType = builder.inputType('DeployContractInput', {
  fields: (t) => ({
    consortium: t.string({ required: true }),
    channel: t.string({ required: true }),
    name: t.string({ required: true }),
    template: t.string({ description: 'One of the three: a template, a source, an image.' }),
    source: t.field({ type: contractSourceInput }),
    image: t.string({ description: 'By its digest, as in registry.example/name@sha256:…; of a registry that is allowed.' }),
    version: t.string({ description: 'Left out: the template’s first. A source and an image need one.' }),
    endorsementPolicy: t.string(),
    consent: t.field({ type: contractConsentType, description: 'Left out: delegated.' }),
  }),
});

export const upgradeContractInputType = builder.inputType('UpgradeContractInput', {
  fields: (t) => ({
    consortium: t.string({ required: true }),
    name: t.string({ required: true }),
    template: t.string({ description: 'One of the three: a template, a source, an image.' }),
    source: t.field({ type: contractSourceInput }),
    image: t.string({ description: 'By its digest, as in registry.example/name@sha256:…; of a registry that is allowed.' }),
    version: t.string({ required: true }),
    endorsementPolicy: t.string({ description: 'Left out: as it is.' }),
    consent: t.field({ type: contractConsentType, description: 'Left out: delegated.' }),
  }),
});

export const evaluateTransactionInput = builder.inputType('EvaluateTransactionInput', {
  fields: (t) => ({
    consortium: t.string({ required: true }),
    member: t.string({ required: true, description: 'In whose name.' }),
    channel: t.string({ required: true }),
    contract: t.string({ required: true }),
    function: t.string({ required: true }),
    args: t.stringList(),
    role: t.string({ description: 'The contract role to act in; one of the member’s applicationRoles.' }),
  }),
});

export const submitTransactionInput = builder.inputType('SubmitTransactionInput', {
  fields: (t) => ({
    consortium: t.string({ required: true }),
    member: t.string({ required: true, description: 'In whose name.' }),
    channel: t.string({ required: true }),
    contract: t.string({ required: true }),
    function: t.string({ required: true }),
    args: t.stringList(),
    role: t.string({ description: 'The contract role to act in; one of the member’s applicationRoles.' }),
    requestId: t.string({ description: 'The same id with the same arguments does nothing twice.' }),
    endorsingMembers: t.stringList({ description: 'Left out: the smallest set that the endorsement policy accepts.' }),
    deadlineMs: t.int({ description: 'How long to wait for the commit; 30 s unless told otherwise.' }),
  }),
});
