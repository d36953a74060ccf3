import type { Channel, ChannelMembership, Contract, Member } from '@guildhall/resources';
import { contractName, contractVersion, channelName, shortName } from '@guildhall/resources';
import { z } from 'zod';
import { consentRecords } from '../consortia/consortium-service.ts';
import { contractObjects, type DesiredObject } from '../consortia/consortium-resources.ts';
import { listed, planOf, type Plan, type PlannedOperation } from '../consortia/plan.ts';
import { policyProblems } from '../consortia/policy-check.ts';
import type { Database } from '../database/database.ts';
import { ApiProblem, notFound, refuse } from '../errors.ts';
import type { OperationKind } from '../operations/operation.ts';
import type { OperationService } from '../operations/operation-service.ts';
import type { ClusterObject } from '../projections/cluster-view.ts';
import { projectionsOf } from '../projections/projection-repository.ts';
import { parseInput } from '../validation.ts';
import { storeArtifact } from './artifact-repository.ts';
import { templateVersion, type ContractCatalogue } from './catalogue.ts';
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

type Options = { actor: string; idempotencyKey?: string | undefined; dryRun: boolean };

export interface ContractService {
  deploy(input: unknown, options: Options): Promise<PlannedOperation>;
  upgrade(input: unknown, options: Options): Promise<PlannedOperation>;
}

interface ChannelFacts {
  channel: Channel;
  members: { name: string; mspId: string; peers: string[] }[];
}

function channelFacts(objects: readonly ClusterObject[], name: string): ChannelFacts | undefined {
  const channel = objects.find((object) => object.kind === 'Channel' && object.metadata.name === name) as Channel | undefined;
  if (!channel) return undefined;
  const members = channel.spec.members.flatMap((each) => {
    const member = objects.find((object) => object.kind === 'Member' && object.metadata.name === each.name) as Member | undefined;
    const membership = objects.find(
      (object) => object.kind === 'ChannelMembership' && object.metadata.name === name && object.metadata.namespace === member?.metadata.namespace,
    ) as ChannelMembership | undefined;
    return member && membership ? [{ name: each.name, mspId: member.spec.mspId, peers: membership.spec.peers }] : [];
  });
  return { channel, members };
}

export function createContractService(dependencies: {
  db: Database;
  operations: OperationService;
  catalogue: ContractCatalogue;
  deployKind: OperationKind<DeployContractPlan>;
  upgradeKind: OperationKind<DeployContractPlan>;
}): ContractService {
  const { db, operations, catalogue } = dependencies;

  const built = async (template: string, version: string | undefined): Promise<{ version: string; artifactDigest: string }> => {
    const found = templateVersion(catalogue, { template, version }, 'input');
    const result = await catalogue.build(template, found.version);
    await storeArtifact(db, { digest: result.digest, bytes: result.artifact, metadata: result.metadata }, { template, version: found.version });
    return { version: found.version, artifactDigest: result.digest };
  };

  const begin = async (
    kind: OperationKind<DeployContractPlan>,
    raw: unknown,
    options: Options,
    wanted: { consortium: string; name: string; facts: ChannelFacts; version: string; artifactDigest: string; endorsementPolicy: string; former: DesiredObject[] },
  ): Promise<PlannedOperation> => {
    const { consortium, facts } = wanted;
    const mspIds = facts.members.map((member) => member.mspId);
    if (wanted.endorsementPolicy !== '') refuse(policyProblems(wanted.endorsementPolicy, mspIds, 'endorsementPolicy'));
    const objects = contractObjects(
      consortium,
      { name: wanted.name, channel: facts.channel.metadata.name, version: wanted.version, artifactDigest: wanted.artifactDigest, endorsementPolicy: wanted.endorsementPolicy },
      facts.members,
    );
    const plan: Plan = {
      resources: listed(objects),
      sentences: [
        `${wanted.name} ${wanted.version} (${wanted.artifactDigest.slice(0, 19)}…) on ${facts.channel.metadata.name}, at ${facts.members.map((member) => member.name).join(', ')}.`,
        wanted.former.length > 0 ? 'The running version serves until the new one is committed; the data stays.' : 'Each member runs its own instance of the same code.',
      ],
      warnings: [],
      memoryMegabytes: facts.members.length * 110,
    };
    if (options.dryRun) return { plan };
    const operation = await operations.begin({
      kind,
      consortium,
      actor: options.actor,
      plan: { consortium, contract: wanted.name, objects, former: wanted.former, told: plan },
      input: raw,
      idempotencyKey: options.idempotencyKey,
      audit: [
        { actor: options.actor, action: kind.kind, target: consortium, details: { contract: wanted.name, version: wanted.version, artifactDigest: wanted.artifactDigest } },
        ...consentRecords(options.actor, consortium, objects),
      ],
    });
    return { plan, operation };
  };

  const repeatedOrUndefined = async (raw: unknown, options: Options): Promise<PlannedOperation | undefined> => {
    const repeated = options.dryRun ? undefined : await operations.repeated(options.actor, options.idempotencyKey, raw);
    return repeated && { plan: planOf(repeated), operation: repeated };
  };

  return {
    deploy: async (raw, options) => {
      const earlier = await repeatedOrUndefined(raw, options);
      if (earlier) return earlier;
      const input = parseInput(deployContractInput, raw);
      const objects = await projectionsOf(db, [input.consortium]);
      if (objects.length === 0) throw notFound('consortium');
      const facts = channelFacts(objects, input.channel);
      if (!facts) throw notFound('channel');
      if (objects.some((object) => object.kind === 'Contract' && object.metadata.name === input.name)) {
        throw new ApiProblem({ code: 'DUPLICATE', path: 'name', message: `name: there is a contract "${input.name}" already`, nextAction: 'choose another name, or use upgradeContract' });
      }
      const code = await built(input.template, input.version);
      return begin(dependencies.deployKind, raw, options, { consortium: input.consortium, name: input.name, facts, ...code, endorsementPolicy: input.endorsementPolicy, former: [] });
    },

    upgrade: async (raw, options) => {
      const earlier = await repeatedOrUndefined(raw, options);
      if (earlier) return earlier;
      const input = parseInput(upgradeContractInput, raw);
      const objects = await projectionsOf(db, [input.consortium]);
      const contract = objects.find((object) => object.kind === 'Contract' && object.metadata.name === input.name) as Contract | undefined;
      if (!contract) throw notFound('contract');
      const facts = channelFacts(objects, contract.spec.channel);
      if (!facts) throw notFound('channel');
      const code = await built(input.template, input.version);
      const endorsementPolicy = input.endorsementPolicy ?? contract.spec.endorsementPolicy;
      if (code.artifactDigest === contract.spec.artifactDigest && code.version === contract.spec.version && endorsementPolicy === contract.spec.endorsementPolicy) {
        throw new ApiProblem({ code: 'CONFLICT', message: `${input.name} is at version ${code.version} with the same code and policy already`, nextAction: 'name another version, or change the policy' });
      }
      const former = contractObjects(
        input.consortium,
        { name: input.name, ...contract.spec },
        facts.members,
      );
      return begin(dependencies.upgradeKind, raw, options, { consortium: input.consortium, name: input.name, facts, ...code, endorsementPolicy, former });
    },
  };
}
