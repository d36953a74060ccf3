import type { ContractCatalogue } from '../contracts/catalogue.ts';
import { findTemplateVersion } from '../contracts/catalogue.ts';
import { storeArtifact } from '../contracts/artifact-repository.ts';
import type { AuditRecord } from '../audit/audit-repository.ts';
import type { Database } from '../database/database.ts';
import { ApiProblem, notFound, refuse, type Problem } from '../errors.ts';
import type { OperationKind } from '../operations/operation.ts';
import type { OperationService } from '../operations/operation-service.ts';
import { parseInput } from '../validation.ts';
import { consequences, estimatedMemoryMegabytes } from './consequences.ts';
import { createConsortiumInput, type CreateConsortiumInput } from './consortium-input.ts';
import { findConsortium, reserveConsortium, setConsortiumState } from './consortium-repository.ts';
import { desiredConsortium, type DesiredObject, type Exposure } from './consortium-resources.ts';
import type { CreateConsortiumPlan } from './create-consortium.ts';
import type { DeleteConsortiumPlan } from './delete-consortium.ts';
import { listed, planOf, type Plan, type PlannedOperation } from './plan.ts';
import { resolveTopology, type Topology } from './topology.ts';

/** What the machine or cluster can still take; undefined where nobody can tell. */
export type Capacity = () => Promise<{ memoryMegabytes: number; diskMegabytes: number } | undefined>;

export interface ConsortiumService {
  create(input: unknown, options: { actor: string; idempotencyKey?: string | undefined; dryRun: boolean }): Promise<PlannedOperation>;
  delete(
    input: { name: string; confirmName: string; deleteData: boolean },
    options: { actor: string; idempotencyKey?: string | undefined; dryRun: boolean },
  ): Promise<PlannedOperation>;
}

/** What an admin consents to in the members' names, one record for each. */
export const consentRecords = (actor: string, consortium: string, objects: readonly DesiredObject[]): AuditRecord[] =>
  objects
    .filter((object) => object.kind === 'Member' || object.kind === 'ChannelMembership' || object.kind === 'ContractInstallation')
    .map((object) => ({
      actor,
      action: 'consent',
      target: consortium,
      delegatedFor: object.metadata.labels?.['guildhall.dev/member'] ?? '',
      details: { kind: object.kind, name: object.metadata.name },
    }));

/** Below these a node would fail half-way, in words that help nobody. */
const diskPerNodeMegabytes = 100;

async function capacityProblems(capacity: Capacity, needed: number, nodes: number): Promise<Problem[]> {
  const free = await capacity();
  if (!free) return [];
  const problems: Problem[] = [];
  if (free.memoryMegabytes < needed) {
    problems.push({ code: 'INSUFFICIENT_RESOURCES', message: `it needs about ${needed} MB of memory, and ${free.memoryMegabytes} MB are free`, nextAction: 'end other programs, delete a consortium, or use fewer nodes' });
  }
  if (free.diskMegabytes < nodes * diskPerNodeMegabytes) {
    problems.push({ code: 'INSUFFICIENT_RESOURCES', message: `its nodes need about ${nodes * diskPerNodeMegabytes} MB of disk to begin with, and ${free.diskMegabytes} MB are free`, nextAction: 'free some disk, or set GUILDHALL_HOME to a larger one' });
  }
  return problems;
}

export function createConsortiumService(dependencies: {
  db: Database;
  operations: OperationService;
  catalogue: ContractCatalogue;
  capacity: Capacity;
  exposure: Exposure;
  createKind: OperationKind<CreateConsortiumPlan>;
  deleteKind: OperationKind<DeleteConsortiumPlan>;
  objectsOf: (consortium: string) => DesiredObject[];
}): ConsortiumService {
  const { db, operations, catalogue } = dependencies;

  const checkedInput = async (raw: unknown): Promise<{ input: CreateConsortiumInput; topology: Topology }> => {
    const input = parseInput(createConsortiumInput, raw);
    const { topology, problems } = resolveTopology(input);
    const templates = input.contracts.flatMap((contract, index) => {
      const found = findTemplateVersion(catalogue, { template: contract.template, version: contract.version }, `contracts[${index}]`);
      return 'problem' in found ? [found.problem] : [];
    });
    refuse([...problems, ...templates]);
    const taken = await findConsortium(db, { name: input.name });
    if (taken) {
      const kept = taken.state === 'kept' ? ': data kept from a deleted consortium holds it' : '';
      throw new ApiProblem({ code: 'DUPLICATE', path: 'name', message: `name: the consortium name "${input.name}" is taken${kept}`, nextAction: kept ? 'choose another name, or delete that consortium again with deleteData' : `choose another name, such as "${input.name.slice(0, 18)}-2"` });
    }
    return { input, topology };
  };

  /** Builds each template once and stores it, so that the digest that members consent to has its bytes. */
  const buildContracts = async (input: CreateConsortiumInput) =>
    Promise.all(
      input.contracts.map(async (contract) => {
        const found = findTemplateVersion(catalogue, { template: contract.template, version: contract.version }, 'contracts');
        if ('problem' in found) throw new ApiProblem(found.problem);
        const built = await catalogue.build(contract.template, found.version);
        await storeArtifact(db, { digest: built.digest, bytes: built.artifact, metadata: built.metadata }, { template: contract.template, version: found.version });
        return { ...contract, version: found.version, artifactDigest: built.digest };
      }),
    );

  return {
    create: async (raw, { actor, idempotencyKey, dryRun }) => {
      const repeated = dryRun ? undefined : await operations.repeated(actor, idempotencyKey, raw);
      if (repeated) return { plan: planOf(repeated), operation: repeated };
      const { input, topology } = await checkedInput(raw);
      const memoryMegabytes = estimatedMemoryMegabytes(input, topology);
      const nodes = input.members.reduce((sum, member) => sum + member.nodes.length, 0);
      refuse(await capacityProblems(dependencies.capacity, memoryMegabytes, nodes));
      const desired = desiredConsortium(input, topology, await buildContracts(input), dependencies.exposure);
      const plan: Plan = { resources: listed(desired.objects), sentences: consequences(input, topology), warnings: topology.warnings, memoryMegabytes };
      if (dryRun) return { plan };
      const operation = await operations.begin({
        kind: dependencies.createKind,
        consortium: input.name,
        actor,
        plan: { consortium: input.name, desired, told: plan },
        input: raw,
        idempotencyKey,
        audit: [
          { actor, action: 'createConsortium', target: input.name, details: { members: input.members.map((member) => member.name) } },
          ...consentRecords(actor, input.name, desired.objects),
        ],
        alongside: async (tx) => void (await reserveConsortium(tx, { name: input.name, createdBy: actor, members: input.members })),
      });
      return { plan, operation };
    },

    delete: async (input, { actor, idempotencyKey, dryRun }) => {
      const repeated = dryRun ? undefined : await operations.repeated(actor, idempotencyKey, input);
      if (repeated) return { plan: planOf(repeated), operation: repeated };
      if (!(await findConsortium(db, { name: input.name }))) throw notFound('consortium');
      const objects = dependencies.objectsOf(input.name);
      const plan: Plan = {
        resources: listed(objects),
        sentences: [
          `Every node of ${input.name} stops, and its channels and contracts end.`,
          input.deleteData
            ? 'Ledgers and keys are deleted too. Nobody can bring them back.'
            : 'Data volumes and keys stay and hold the name, until they are deleted by name.',
        ],
        warnings: [],
        memoryMegabytes: 0,
      };
      if (dryRun) return { plan };
      if (input.confirmName !== input.name) {
        throw new ApiProblem({ code: 'CONFIRMATION_NEEDED', path: 'confirmName', message: `confirmName must be "${input.name}": ${plan.sentences.join(' ')}`, nextAction: `send confirmName "${input.name}" if that is meant` });
      }
      const operation = await operations.begin({
        kind: dependencies.deleteKind,
        consortium: input.name,
        actor,
        plan: { consortium: input.name, deleteData: input.deleteData, told: plan },
        input,
        idempotencyKey,
        audit: [{ actor, action: 'deleteConsortium', target: input.name, details: { deleteData: input.deleteData } }],
        alongside: async (tx) => void (await setConsortiumState(tx, input.name, 'deleting')),
      });
      return { plan, operation };
    },
  };
}
