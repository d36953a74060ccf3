import { memoryMegabytes as memoryOf, type Node } from '@guildhall/resources';
import { capacityProblems, type Capacity } from '../consortia/capacity.ts';
import { consentRecords } from '../consortia/consent.ts';
import { liveConsortium } from '../consortia/live-consortium.ts';
import type { NodeDefaults } from '../consortia/node-spec.ts';
import { storageClassProblems, type StorageClasses } from '../consortia/storage-classes.ts';
import { listed, planOnce, type MutationOptions, type Plan, type PlannedOperation } from '../consortia/plan.ts';
import type { Database } from '../database/database.ts';
import { ApiProblem, refuse } from '../errors.ts';
import type { OperationService } from '../operations/operation-service.ts';
import type { OperationKind } from '../operations/operation.ts';
import { refOf } from '../operations/readiness.ts';
import { ownerOf } from '../projections/cluster-view.ts';
import { parseInput } from '../validation.ts';
import { addConsequences, addProblems, addWarnings, chosenChannels, ordererNotYet, type Adding } from './added.ts';
import type { AddNodePlan } from './add-node.ts';
import type { ChangeNodePlan } from './change-node.ts';
import { changeConsequences, changeProblems, changeWarnings } from './changing.ts';
import { changeOf } from './node-change.ts';
import { channelsOfMember, consentsWith, memberNamed, nodeNamed, ofKind, orderedBy } from './node-facts.ts';
import { keptOf } from './node-history.ts';
import { addNodeInput, changeNodeInput, removeNodeInput, restartNodeInput } from './node-input.ts';
import { consentWith, consentWithout, newNode } from './node-resources.ts';
import { removeConsequences, removeProblems, removeWarnings, type Removing } from './removed.ts';
import type { RemoveNodePlan } from './remove-node.ts';
import { restartConsequences, restartProblems } from './restarting.ts';
import type { RestartNodePlan } from './restart-node.ts';

/** Nodes of a consortium that runs. */
export interface NodeService {
  add(input: unknown, options: MutationOptions): Promise<PlannedOperation>;
  remove(input: unknown, options: MutationOptions): Promise<PlannedOperation>;
  change(input: unknown, options: MutationOptions): Promise<PlannedOperation>;
  restart(input: unknown, options: MutationOptions): Promise<PlannedOperation>;
}

export function createNodeService(dependencies: {
  db: Database;
  operations: OperationService;
  capacity: Capacity;
  defaults: NodeDefaults;
  storageClasses: StorageClasses;
  now: () => Date;
  addKind: OperationKind<AddNodePlan>;
  removeKind: OperationKind<RemoveNodePlan>;
  changeKind: OperationKind<ChangeNodePlan>;
  restartKind: OperationKind<RestartNodePlan>;
}): NodeService {
  const { db, operations, addKind, removeKind, changeKind, restartKind } = dependencies;

  const add = async (raw: unknown, { actor, idempotencyKey, dryRun }: MutationOptions): Promise<PlannedOperation> => {
    const input = parseInput(addNodeInput, raw);
    if (input.role === 'orderer') throw new ApiProblem(ordererNotYet);
    const { consortium, member: memberName, name } = input;
    const { row, objects } = await liveConsortium(db, consortium);
    const member = memberNamed(objects, memberName);
    const nodes = ofKind<Node>(objects, 'Node').filter((node) => ownerOf(node)?.member === memberName);
    const channels = channelsOfMember(objects, memberName);
    const kept = await keptOf(db, row, { member: memberName, name });
    const adding: Adding = { input, member, nodes, channels, wasKept: kept !== undefined };
    const { chosen, problems } = chosenChannels(adding);
    refuse([...addProblems(adding), ...problems, ...storageClassProblems(dependencies.storageClasses, [{ path: 'storageClass', storageClass: input.storageClass }])]);
    refuse(await capacityProblems(dependencies.capacity, { memoryMegabytes: memoryOf.peer, nodes: 1 }));

    const node = newNode(input, dependencies.defaults, kept);
    const memberships = chosen.map(({ membership }) => membership);
    const installations = chosen.flatMap(({ contracts }) => contracts.map(({ installation }) => installation));
    const consents = [...memberships, ...installations].map((consent) => consentWith(consent, input));
    const plan: Plan = { resources: listed([node, ...consents]), sentences: addConsequences(adding, chosen, node), warnings: addWarnings(adding, chosen), memoryMegabytes: memoryOf.peer };
    if (dryRun) return { plan };
    const operation = await operations.begin({
      kind: addKind,
      consortium,
      actor,
      plan: { consortium, member: memberName, name, node, channels: chosen.map((channel) => channel.name), memberships: memberships.map(refOf), installations: installations.map(refOf), told: plan },
      input: raw,
      idempotencyKey,
      audit: [
        { actor, action: addKind.kind, target: consortium, details: { member: memberName, node: name, role: input.role, channels: chosen.map((channel) => channel.name) } },
        ...consentRecords(actor, consortium, consents),
      ],
    });
    return { plan, operation };
  };

  const remove = async (raw: unknown, { actor, idempotencyKey, dryRun }: MutationOptions): Promise<PlannedOperation> => {
    const input = parseInput(removeNodeInput, raw);
    const { consortium, member, name, deleteData, confirmName } = input;
    const { objects } = await liveConsortium(db, consortium);
    const node = nodeNamed(objects, member, name);
    const channels = channelsOfMember(objects, member).filter(({ membership }) => membership.spec.peers.includes(name));
    const removing: Removing = { member, node, channels, orders: orderedBy(objects, member, name), deleteData };
    refuse(removeProblems(removing));
    const consents = consentsWith(objects, member, name);
    const without = consents.map((consent) => consentWithout(consent, input));
    const plan: Plan = { resources: listed([node, ...without]), sentences: removeConsequences(removing), warnings: removeWarnings(removing), memoryMegabytes: 0 };
    if (dryRun) return { plan };
    if (confirmName !== name) {
      throw new ApiProblem({ code: 'CONFIRMATION_NEEDED', path: 'confirmName', message: `confirmName must be "${name}": ${plan.sentences.join(' ')}`, nextAction: `send confirmName "${name}" if that is meant` });
    }
    const operation = await operations.begin({
      kind: removeKind,
      consortium,
      actor,
      plan: { consortium, member, name, node: refOf(node), storage: node.spec.storage, consents: consents.map(refOf), deleteData, told: plan },
      input: raw,
      idempotencyKey,
      audit: [{ actor, action: removeKind.kind, target: consortium, details: { member, node: name, deleteData } }, ...consentRecords(actor, consortium, without)],
    });
    return { plan, operation };
  };

  const change = async (raw: unknown, { actor, idempotencyKey, dryRun }: MutationOptions): Promise<PlannedOperation> => {
    const input = parseInput(changeNodeInput, raw);
    const { consortium, member, name } = input;
    const { objects } = await liveConsortium(db, consortium);
    const node = nodeNamed(objects, member, name);
    const different = changeOf(input, node.spec);
    refuse(changeProblems(input, node, different));
    const plan: Plan = {
      resources: listed([node]),
      sentences: changeConsequences(objects, input, node, different),
      warnings: changeWarnings(objects, input, different),
      memoryMegabytes: 0,
    };
    if (dryRun) return { plan };
    const { resources, version } = node.spec;
    const operation = await operations.begin({
      kind: changeKind,
      consortium,
      actor,
      plan: { consortium, member, name, node: refOf(node), change: different, former: { ...(resources === undefined ? {} : { resources }), version }, told: plan },
      input: raw,
      idempotencyKey,
      audit: [{ actor, action: changeKind.kind, target: consortium, details: { member, node: name, ...different } }],
    });
    return { plan, operation };
  };

  const restart = async (raw: unknown, { actor, idempotencyKey, dryRun }: MutationOptions): Promise<PlannedOperation> => {
    const input = parseInput(restartNodeInput, raw);
    const { consortium, member, name } = input;
    const { objects } = await liveConsortium(db, consortium);
    const node = nodeNamed(objects, member, name);
    refuse(restartProblems(objects, member, name));
    const at = dependencies.now().toISOString();
    const plan: Plan = { resources: listed([node]), sentences: restartConsequences(objects, member, name), warnings: [], memoryMegabytes: 0 };
    if (dryRun) return { plan };
    const operation = await operations.begin({
      kind: restartKind,
      consortium,
      actor,
      plan: { consortium, member, name, node: refOf(node), at, told: plan },
      input: raw,
      idempotencyKey,
      audit: [{ actor, action: restartKind.kind, target: consortium, details: { member, node: name } }],
    });
    return { plan, operation };
  };

  return {
    add: (input, options) => planOnce(operations, { kind: addKind.kind, input }, options, () => add(input, options)),
    remove: (input, options) => planOnce(operations, { kind: removeKind.kind, input }, options, () => remove(input, options)),
    change: (input, options) => planOnce(operations, { kind: changeKind.kind, input }, options, () => change(input, options)),
    restart: (input, options) => planOnce(operations, { kind: restartKind.kind, input }, options, () => restart(input, options)),
  };
}
