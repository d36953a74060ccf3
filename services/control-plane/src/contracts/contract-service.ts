import { parsePolicy, policyInWords } from '@guildhall/fabric/policy';
import type { Channel, ChannelMembership, Contract, Member } from '@guildhall/resources';
import { contractName, contractVersion, channelName, shortName } from '@guildhall/resources';
import { z } from 'zod';
import { capacityProblems, type Capacity } from '../consortia/capacity.ts';
import { consentRecords } from '../consortia/consent.ts';
import { memoryMegabytes as memoryOf } from '../consortia/consequences.ts';
import { contractObjects } from '../consortia/consortium-resources.ts';
import { liveConsortium } from '../consortia/live-consortium.ts';
import { listed, planOnce, type MutationOptions, type Plan, type PlannedOperation } from '../consortia/plan.ts';
import { contractPolicyProblems } from '../consortia/policy-check.ts';
import type { Database } from '../database/database.ts';
import { ApiProblem, notFound, refuse } from '../errors.ts';
import type { OperationKind } from '../operations/operation.ts';
import type { OperationService } from '../operations/operation-service.ts';
import type { ClusterObject } from '../projections/cluster-view.ts';
import { findObject } from '../projections/find-object.ts';
import { parseInput } from '../validation.ts';
import { buildVersion, storeBuilt, type BuiltVersion } from './build.ts';
import type { ContractCatalogue } from './catalogue.ts';
import type { DeployContractPlan } from './deploy-contract.ts';

export const deployContractInput = z.strictObject({
  consortium: shortName,
  channel: channelName,
  name: contractName,
  template: z.string().max(40),
  version: contractVersion.optional(),
  endorsementPolicy: z.string().max(2000).default(''),
});

export const upgradeContractInput = z.strictObject({
  consortium: shortName,
  name: contractName,
  template: z.string().max(40),
  version: contractVersion,
  /** Left out: as it is. */
  endorsementPolicy: z.string().max(2000).optional(),
});

export interface ContractService {
  deploy(input: unknown, options: MutationOptions): Promise<PlannedOperation>;
  upgrade(input: unknown, options: MutationOptions): Promise<PlannedOperation>;
}

interface ChannelFacts {
  channel: Channel;
  members: { name: string; mspId: string; peers: string[] }[];
}

function channelFacts(objects: readonly ClusterObject[], name: string): ChannelFacts | undefined {
  const channel = findObject<Channel>(objects, 'Channel', name);
  if (!channel) return undefined;
  const members = channel.spec.members.flatMap((each) => {
    const member = findObject<Member>(objects, 'Member', each.name, each.name);
    const membership = findObject<ChannelMembership>(objects, 'ChannelMembership', name, each.name);
    return member && membership ? [{ name: each.name, mspId: member.spec.mspId, peers: membership.spec.peers }] : [];
  });
  return { channel, members };
}

interface Wanted {
  consortium: string;
  name: string;
  facts: ChannelFacts;
  version: BuiltVersion;
  endorsementPolicy: string;
  /** The contract as it stands; undefined when it is new. */
  standing: Contract | undefined;
}

/** An empty policy is the channel's. */
function neededInWords(contractPolicy: string, channel: Channel): string {
  const text = contractPolicy || channel.spec.policies.endorsement;
  try {
    return policyInWords(parsePolicy(text));
  } catch {
    // One that came by another way than the API may be none at all; its controller says so.
    return `"${text}"`;
  }
}

function sentencesOf({ name, facts, version, endorsementPolicy, standing }: Wanted): string[] {
  const { channel, members } = facts;
  const what = `${name} ${version.version} (${version.artifactDigest.slice(0, 19)}…) on ${channel.metadata.name}, at ${members.map((member) => member.name).join(', ')}.`;
  const needed = neededInWords(endorsementPolicy, channel);
  if (!standing) return [what, 'Each member runs its own instance of the same code.', `A transaction of ${name} needs ${needed}.`];
  const before = neededInWords(standing.spec.endorsementPolicy, channel);
  const instead = before === needed ? ', as before' : `, instead of ${before}`;
  return [what, `Version ${standing.spec.version} serves until ${version.version} is committed; the data stays.`, `A transaction of ${name} then needs ${needed}${instead}.`];
}

export function createContractService(dependencies: {
  db: Database;
  operations: OperationService;
  catalogue: ContractCatalogue;
  capacity: Capacity;
  deployKind: OperationKind<DeployContractPlan>;
  upgradeKind: OperationKind<DeployContractPlan>;
}): ContractService {
  const { db, operations, catalogue, deployKind, upgradeKind } = dependencies;

  const factsOf = (objects: readonly ClusterObject[], channel: string): ChannelFacts => {
    const facts = channelFacts(objects, channel);
    if (!facts) throw notFound('channel', 'channel');
    if (facts.members.length === 0) throw new ApiProblem({ code: 'CONFLICT', message: `no member of the channel ${channel} has consented to it yet`, nextAction: 'wait until the channel is ready' });
    return facts;
  };

  const begin = async (kind: OperationKind<DeployContractPlan>, raw: unknown, { actor, idempotencyKey, dryRun }: MutationOptions, wanted: Wanted): Promise<PlannedOperation> => {
    const { consortium, name, facts, version, endorsementPolicy, standing } = wanted;
    if (endorsementPolicy !== '') refuse(contractPolicyProblems(endorsementPolicy, facts.members.flatMap((member) => member.peers.map(() => member.mspId)), 'endorsementPolicy'));
    const memoryMegabytes = facts.members.length * memoryOf.contractInstance;
    refuse(await capacityProblems(dependencies.capacity, { memoryMegabytes, nodes: 0 }));
    const agreed = { name, channel: facts.channel.metadata.name, version: version.version, artifactDigest: version.artifactDigest, endorsementPolicy };
    const objects = contractObjects(consortium, agreed, facts.members);
    const former = standing ? contractObjects(consortium, { ...standing.spec, name }, facts.members) : [];
    const plan: Plan = { resources: listed(objects), sentences: sentencesOf(wanted), warnings: [], memoryMegabytes };
    if (dryRun) return { plan };
    const operation = await operations.begin({
      kind,
      consortium,
      actor,
      plan: { consortium, contract: name, objects, former, told: plan },
      input: raw,
      idempotencyKey,
      audit: [
        { actor, action: kind.kind, target: consortium, details: { contract: name, version: version.version, artifactDigest: version.artifactDigest } },
        ...consentRecords(actor, consortium, objects),
      ],
      alongside: (tx) => storeBuilt(tx, [version]),
    });
    return { plan, operation };
  };

  const deploy = async (raw: unknown, options: MutationOptions): Promise<PlannedOperation> => {
    const input = parseInput(deployContractInput, raw);
    const { objects } = await liveConsortium(db, input.consortium);
    const facts = factsOf(objects, input.channel);
    if (findObject<Contract>(objects, 'Contract', input.name)) {
      throw new ApiProblem({ code: 'DUPLICATE', path: 'name', message: `name: there is a contract "${input.name}" already`, nextAction: 'choose another name, or use upgradeContract' });
    }
    const version = await buildVersion(catalogue, { template: input.template, version: input.version }, '');
    return begin(deployKind, raw, options, { ...input, facts, version, standing: undefined });
  };

  const upgrade = async (raw: unknown, options: MutationOptions): Promise<PlannedOperation> => {
    const input = parseInput(upgradeContractInput, raw);
    const { objects } = await liveConsortium(db, input.consortium);
    const standing = findObject<Contract>(objects, 'Contract', input.name);
    if (!standing) throw notFound('contract', 'name');
    const version = await buildVersion(catalogue, { template: input.template, version: input.version }, '');
    const endorsementPolicy = input.endorsementPolicy ?? standing.spec.endorsementPolicy;
    if (version.artifactDigest === standing.spec.artifactDigest && version.version === standing.spec.version && endorsementPolicy === standing.spec.endorsementPolicy) {
      throw new ApiProblem({ code: 'CONFLICT', message: `${input.name} is at version ${version.version} with the same code and policy already`, nextAction: 'name another version, or change the policy' });
    }
    return begin(upgradeKind, raw, options, { consortium: input.consortium, name: input.name, facts: factsOf(objects, standing.spec.channel), version, endorsementPolicy, standing });
  };

  return {
    deploy: (input, options) => planOnce(operations, { kind: deployKind.kind, input }, options, () => deploy(input, options)),
    upgrade: (input, options) => planOnce(operations, { kind: upgradeKind.kind, input }, options, () => upgrade(input, options)),
  };
}
