import { buildVersion, storeBuilt } from '../contracts/build.ts';
import { recordDefinitions } from '../contracts/definition-repository.ts';
import { findTemplateVersion, type ContractCatalogue } from '../contracts/catalogue.ts';
import type { Database } from '../database/database.ts';
import { ApiProblem, notFound, refuse } from '../errors.ts';
import type { OperationKind } from '../operations/operation.ts';
import type { OperationService } from '../operations/operation-service.ts';
import { parseInput } from '../validation.ts';
import { capacityProblems, type Capacity } from './capacity.ts';
import { consentRecords } from './consent.ts';
import { consequences, deletionConsequences, estimatedMemoryMegabytes } from './consequences.ts';
import { createConsortiumInput, deleteConsortiumInput, type CreateConsortiumInput } from './consortium-input.ts';
import { findConsortium, reserveConsortium, setConsortiumState } from './consortium-repository.ts';
import { desiredConsortium, type DesiredObject } from './consortium-resources.ts';
import type { CreateConsortiumPlan } from './create-consortium.ts';
import type { DeleteConsortiumPlan } from './delete-consortium.ts';
import type { NodeDefaults } from './node-spec.ts';
import { listed, planOnce, type MutationOptions, type Plan, type PlannedOperation } from './plan.ts';
import { storageClassProblems, type StorageClasses } from './storage-classes.ts';
import { resolveTopology, type Topology } from './topology.ts';
import { volumeConsequences } from './volume-consequences.ts';

export interface ConsortiumService {
  create(input: unknown, options: MutationOptions): Promise<PlannedOperation>;
  delete(input: unknown, options: MutationOptions): Promise<PlannedOperation>;
}

export function createConsortiumService(dependencies: {
  db: Database;
  operations: OperationService;
  catalogue: ContractCatalogue;
  capacity: Capacity;
  defaults: NodeDefaults;
  storageClasses: StorageClasses;
  createKind: OperationKind<CreateConsortiumPlan>;
  deleteKind: OperationKind<DeleteConsortiumPlan>;
  objectsOf: (consortium: string) => Promise<DesiredObject[]>;
}): ConsortiumService {
  const { db, operations, catalogue, createKind, deleteKind } = dependencies;

  const checkedInput = async (raw: unknown): Promise<{ input: CreateConsortiumInput; topology: Topology }> => {
    const input = parseInput(createConsortiumInput, raw);
    const { topology, problems } = resolveTopology(input);
    const templates = input.contracts.flatMap((contract, index) => {
      const found = findTemplateVersion(catalogue, { template: contract.template, version: contract.version }, `contracts[${index}]`);
      return 'problem' in found ? [found.problem] : [];
    });
    const classes = input.members.flatMap(({ nodes }, member) => nodes.map(({ storageClass }, node) => ({ path: `members[${member}].nodes[${node}].storageClass`, storageClass })));
    refuse([...problems, ...templates, ...storageClassProblems(dependencies.storageClasses, classes)]);
    const taken = await findConsortium(db, { name: input.name });
    if (taken) {
      const kept = taken.state === 'kept' ? ': data kept from a deleted consortium holds it' : '';
      throw new ApiProblem({ code: 'DUPLICATE', path: 'name', message: `name: the consortium name "${input.name}" is taken${kept}`, nextAction: kept ? 'choose another name, or delete that consortium again with deleteData' : 'choose another name' });
    }
    return { input, topology };
  };

  const create = async (raw: unknown, { actor, idempotencyKey, dryRun }: MutationOptions): Promise<PlannedOperation> => {
    const { input, topology } = await checkedInput(raw);
    const memoryMegabytes = estimatedMemoryMegabytes(input, topology);
    const nodes = input.members.reduce((sum, member) => sum + member.nodes.length, 0);
    refuse(await capacityProblems(dependencies.capacity, { memoryMegabytes, nodes }));
    const versions = await Promise.all(input.contracts.map((contract, index) => buildVersion(catalogue, { template: contract.template, version: contract.version }, `contracts[${index}]`)));
    const contracts = versions.flatMap(({ version, artifactDigest }, index) => {
      const contract = input.contracts[index];
      return contract ? [{ ...contract, version, artifactDigest }] : [];
    });
    const desired = desiredConsortium(input, topology, contracts, dependencies.defaults);
    const plan: Plan = { resources: listed(desired.objects), sentences: [...consequences(input, topology), ...volumeConsequences(desired.objects)], warnings: topology.warnings, memoryMegabytes };
    if (dryRun) return { plan };
    const operation = await operations.begin({
      kind: createKind,
      consortium: input.name,
      actor,
      plan: { consortium: input.name, desired, told: plan },
      input: raw,
      idempotencyKey,
      audit: [
        { actor, action: createKind.kind, target: input.name, details: { members: input.members.map((member) => member.name) } },
        ...consentRecords(actor, input.name, desired.objects),
      ],
      alongside: async (tx) => {
        await reserveConsortium(tx, { name: input.name, createdBy: actor, members: input.members });
        await storeBuilt(tx, versions);
      },
      afterwards: (tx, begun) => recordDefinitions(tx, begun, desired.objects, 'delegated'),
    });
    return { plan, operation };
  };

  const remove = async (raw: unknown, { actor, idempotencyKey, dryRun }: MutationOptions): Promise<PlannedOperation> => {
    const input = parseInput(deleteConsortiumInput, raw);
    const standing = await findConsortium(db, { name: input.name });
    if (!standing) throw notFound('consortium', 'name');
    if (standing.state === 'kept' && !input.deleteData) {
      throw new ApiProblem({ code: 'CONFLICT', path: 'deleteData', message: `deleteData: ${input.name} was deleted already, and what is left of it is its data`, nextAction: 'send deleteData: true to delete that too' });
    }
    const objects = await dependencies.objectsOf(input.name);
    const plan: Plan = { resources: listed(objects), sentences: deletionConsequences(input.name, objects, input.deleteData), warnings: [], memoryMegabytes: 0 };
    if (dryRun) return { plan };
    if (input.confirmName !== input.name) {
      throw new ApiProblem({ code: 'CONFIRMATION_NEEDED', path: 'confirmName', message: `confirmName must be "${input.name}": ${plan.sentences.join(' ')}`, nextAction: `send confirmName "${input.name}" if that is meant` });
    }
    const operation = await operations.begin({
      kind: deleteKind,
      consortium: input.name,
      actor,
      plan: { consortium: input.name, deleteData: input.deleteData, told: plan },
      input: raw,
      idempotencyKey,
      audit: [{ actor, action: deleteKind.kind, target: input.name, details: { deleteData: input.deleteData } }],
      alongside: async (tx) => void (await setConsortiumState(tx, input.name, 'deleting')),
    });
    return { plan, operation };
  };

  return {
    create: (input, options) => planOnce(operations, { kind: createKind.kind, input }, options, () => create(input, options)),
    delete: (input, options) => planOnce(operations, { kind: deleteKind.kind, input }, options, () => remove(input, options)),
  };
}
