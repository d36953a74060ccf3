import { parsePolicy, policyInWords } from '@guildhall/fabric/policy';
import { codeDigest, contractInstallation, memoryMegabytes as memoryOf, type Channel, type Contract, type ContractInstallation } from '@guildhall/resources';
import { capacityProblems, type Capacity } from '../consortia/capacity.ts';
import { consentRecords } from '../consortia/consent.ts';
import { contractObjects, objectBuilder, type DesiredObject } from '../consortia/consortium-resources.ts';
import { liveConsortium } from '../consortia/live-consortium.ts';
import { listed, planOnce, type MutationOptions, type Plan, type PlannedOperation } from '../consortia/plan.ts';
import { contractPolicyProblems } from '../consortia/policy-check.ts';
import type { Database } from '../database/database.ts';
import { ApiProblem, notFound, refuse } from '../errors.ts';
import type { OperationKind } from '../operations/operation.ts';
import type { OperationService } from '../operations/operation-service.ts';
import { ownerOf, type ClusterObject } from '../projections/cluster-view.ts';
import { findObject } from '../projections/find-object.ts';
import { parseInput } from '../validation.ts';
import { codeOf, storeBuilt, type CodeVersion } from './build.ts';
import type { CheckedSource, ContractCatalogue } from './catalogue.ts';
import { channelFacts, type ChannelFacts } from './channel-facts.ts';
import { checkContractInput, deployContractInput, upgradeContractInput, type ContractConsent } from './contract-input.ts';
import { recordDefinitions } from './definition-repository.ts';
import type { ImageRegistries } from './image-rule.ts';
import type { DeployContractPlan } from './deploy-contract.ts';

export interface ContractService {
  deploy(input: unknown, options: MutationOptions): Promise<PlannedOperation>;
  upgrade(input: unknown, options: MutationOptions): Promise<PlannedOperation>;
  /** What a deployment of this source would be refused for, and what it would become; changes nothing. */
  check(input: unknown): Promise<CheckedSource>;
}

interface Wanted {
  consortium: string;
  name: string;
  facts: ChannelFacts;
  version: CodeVersion;
  endorsementPolicy: string;
  consent: ContractConsent;
  /** The contract as it stands; undefined when it is new. */
  standing: Contract | undefined;
  /** What stands of it, for a change that is taken back. */
  former: DesiredObject[];
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

/** The contract as it stands, and what each member has consented to: not everybody need have. */
function formerObjects(consortium: string, objects: readonly ClusterObject[], { metadata: { name }, spec }: Contract): DesiredObject[] {
  const [definition] = contractObjects(consortium, { ...spec, name }, []);
  const installations = objects.filter((object): object is ClusterObject & ContractInstallation => object.kind === 'ContractInstallation' && object.metadata.name === name);
  return [
    ...(definition ? [definition] : []),
    ...installations.flatMap((object) => {
      const member = ownerOf(object)?.member;
      return member === undefined ? [] : [objectBuilder(consortium).inMember(member)(contractInstallation, name, object.spec)];
    }),
  ];
}

function sentencesOf({ name, facts, version, endorsementPolicy, consent, standing }: Wanted): string[] {
  const { channel, members } = facts;
  const asked = consent === 'each' ? [`Each member is asked for its consent; it goes on when those who approve satisfy ${policyInWords(parsePolicy(channel.spec.policies.lifecycleEndorsement))}.`] : [];
  const at = members.map((member) => member.name).join(', ');
  const what =
    'image' in version
      ? `${name} ${version.version} (the image ${version.image}) on ${channel.metadata.name}, at ${at}.`
      : `${name} ${version.version} (${version.artifactDigest.slice(0, 19)}…) on ${channel.metadata.name}, at ${at}.`;
  const needed = neededInWords(endorsementPolicy, channel);
  if (!standing) return [what, ...asked, 'Each member runs its own instance of the same code.', `A transaction of ${name} needs ${needed}.`];
  const before = neededInWords(standing.spec.endorsementPolicy, channel);
  const instead = before === needed ? ', as before' : `, instead of ${before}`;
  return [what, ...asked, `Version ${standing.spec.version} serves until ${version.version} is committed; the data stays.`, `A transaction of ${name} then needs ${needed}${instead}.`];
}

/** What is built here has been checked for being the same everywhere. */
const warningsOf = ({ name, version }: Wanted): string[] =>
  'image' in version ? [`What the image of ${name} does has not been checked: whoever approves it trusts those who made it that it says the same at each member.`] : [];

export function createContractService(dependencies: {
  db: Database;
  operations: OperationService;
  catalogue: ContractCatalogue;
  imageRegistries: ImageRegistries;
  capacity: Capacity;
  deployKind: OperationKind<DeployContractPlan>;
  upgradeKind: OperationKind<DeployContractPlan>;
}): ContractService {
  const { db, operations, deployKind, upgradeKind } = dependencies;

  const factsOf = (objects: readonly ClusterObject[], channel: string): ChannelFacts => {
    const facts = channelFacts(objects, channel);
    if (!facts) throw notFound('channel', 'channel');
    if (facts.members.length === 0) throw new ApiProblem({ code: 'CONFLICT', message: `no member of the channel ${channel} has consented to it yet`, nextAction: 'wait until the channel is ready' });
    return facts;
  };

  const begin = async (kind: OperationKind<DeployContractPlan>, raw: unknown, { actor, idempotencyKey, dryRun }: MutationOptions, wanted: Wanted): Promise<PlannedOperation> => {
    const { consortium, name, facts, version, endorsementPolicy, consent, former } = wanted;
    if (endorsementPolicy !== '') refuse(contractPolicyProblems(endorsementPolicy, facts.members.flatMap((member) => member.peers.map(() => member.mspId)), 'endorsementPolicy'));
    const memoryMegabytes = facts.members.length * memoryOf.contractInstance;
    refuse(await capacityProblems(dependencies.capacity, { memoryMegabytes, nodes: 0 }));
    const code = 'image' in version ? { image: version.image } : { artifactDigest: version.artifactDigest };
    const agreed = { name, channel: facts.channel.metadata.name, version: version.version, ...code, endorsementPolicy };
    const objects = contractObjects(consortium, agreed, facts.members);
    const plan: Plan = { resources: listed(objects), sentences: sentencesOf(wanted), warnings: warningsOf(wanted), memoryMegabytes };
    if (dryRun) return { plan };
    const operation = await operations.begin({
      kind,
      consortium,
      actor,
      plan: { consortium, contract: name, consent, objects, former, told: plan },
      input: raw,
      idempotencyKey,
      audit: [
        { actor, action: kind.kind, target: consortium, details: { contract: name, version: version.version, ...code, consent } },
        ...(consent === 'delegated' ? consentRecords(actor, consortium, objects) : []),
      ],
      alongside: (tx) => storeBuilt(tx, 'image' in version ? [] : [version]),
      afterwards: (tx, begun) => recordDefinitions(tx, begun, objects, consent),
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
    const version = await codeOf(dependencies, input);
    return begin(deployKind, raw, options, { ...input, facts, version, standing: undefined, former: [] });
  };

  const upgrade = async (raw: unknown, options: MutationOptions): Promise<PlannedOperation> => {
    const input = parseInput(upgradeContractInput, raw);
    const { objects } = await liveConsortium(db, input.consortium);
    const standing = findObject<Contract>(objects, 'Contract', input.name);
    if (!standing) throw notFound('contract', 'name');
    const version = await codeOf(dependencies, input);
    const endorsementPolicy = input.endorsementPolicy ?? standing.spec.endorsementPolicy;
    const image = 'image' in version ? version.image : undefined;
    if (codeDigest(version) === codeDigest(standing.spec) && image === standing.spec.image && version.version === standing.spec.version && endorsementPolicy === standing.spec.endorsementPolicy) {
      throw new ApiProblem({ code: 'CONFLICT', message: `${input.name} is at version ${version.version} with the same code and policy already`, nextAction: 'name another version, or change the policy' });
    }
    return begin(upgradeKind, raw, options, { ...input, facts: factsOf(objects, standing.spec.channel), version, endorsementPolicy, standing, former: formerObjects(input.consortium, objects, standing) });
  };

  return {
    check: async (input) => dependencies.catalogue.check(parseInput(checkContractInput, input).source),
    deploy: (input, options) => planOnce(operations, { kind: deployKind.kind, input }, options, () => deploy(input, options)),
    upgrade: (input, options) => planOnce(operations, { kind: upgradeKind.kind, input }, options, () => upgrade(input, options)),
  };
}
