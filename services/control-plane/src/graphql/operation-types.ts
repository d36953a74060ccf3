import type { LogRow, OperationProblem, OperationRow, StepRow } from '../database/schema.ts';
import type { Plan, PlannedOperation } from '../consortia/plan.ts';
import { planOf } from '../consortia/plan.ts';
import { z } from 'zod';
import { parseInput } from '../validation.ts';
import { builder } from './builder.ts';

const logPage = z.strictObject({ after: z.string().regex(/^\d{1,18}$/, 'is not an id that came from here'), first: z.int().min(1).max(500) });

const stepType = builder.objectRef<StepRow>('OperationStep').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    name: t.exposeString('name'),
    title: t.exposeString('title'),
    state: t.exposeString('state', { description: 'pending, running, waiting, succeeded, failed or cancelled.' }),
    attempt: t.exposeInt('attempt'),
    reason: t.exposeString('reason', { nullable: true }),
    message: t.exposeString('message', { nullable: true }),
    startedAt: t.expose('started_at', { type: 'DateTime', nullable: true }),
    finishedAt: t.expose('finished_at', { type: 'DateTime', nullable: true }),
  }),
});

const logEntryType = builder.objectRef<LogRow>('OperationLogEntry').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    id: t.exposeID('id'),
    step: t.exposeString('step', { nullable: true }),
    at: t.expose('at', { type: 'DateTime' }),
    message: t.exposeString('message'),
  }),
});

const problemType = builder.objectRef<OperationProblem>('Problem').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    code: t.exposeString('code'),
    message: t.exposeString('message'),
    nextAction: t.exposeString('nextAction'),
  }),
});

const plannedResourceType = builder.objectRef<Plan['resources'][number]>('PlannedResource').implement({
  authScopes: { admin: true },
  fields: (t) => ({ kind: t.exposeString('kind'), namespace: t.exposeString('namespace'), name: t.exposeString('name') }),
});

export const planType = builder.objectRef<Plan>('Plan').implement({
  authScopes: { admin: true },
  description: 'What an operation does, said before it is done.',
  fields: (t) => ({
    sentences: t.exposeStringList('sentences'),
    warnings: t.exposeStringList('warnings'),
    memoryMegabytes: t.exposeInt('memoryMegabytes', { description: 'An estimate of the memory it takes once it has worked a while.' }),
    resources: t.field({ type: [plannedResourceType], resolve: (plan) => plan.resources }),
  }),
});

export const operationType = builder.objectRef<OperationRow>('Operation').implement({
  authScopes: { admin: true },
  description: 'Work that takes long. It goes on by itself after any interruption.',
  fields: (t) => ({
    id: t.exposeID('id'),
    kind: t.exposeString('kind'),
    consortium: t.exposeString('consortium'),
    actor: t.exposeString('actor'),
    state: t.exposeString('state', { description: 'pending, running, waiting, succeeded, failed, cancelling or cancelled.' }),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
    startedAt: t.expose('started_at', { type: 'DateTime', nullable: true }),
    finishedAt: t.expose('finished_at', { type: 'DateTime', nullable: true }),
    problem: t.field({ type: problemType, nullable: true, resolve: (operation) => operation.problem }),
    plan: t.field({ type: planType, resolve: planOf }),
    steps: t.field({ type: [stepType], resolve: (operation, _, context) => context.loaders.steps.load(operation.id) }),
    log: t.field({
      type: [logEntryType],
      args: { after: t.arg.id({ description: 'The id of the last entry that is known.' }), first: t.arg.int({ defaultValue: 100 }) },
      resolve: (operation, args, context) => {
        const { after, first } = parseInput(logPage, { after: args.after ?? '0', first: args.first ?? 100 });
        return context.loaders.logs.load({ operationId: operation.id, after, limit: first });
      },
    }),
  }),
});

export const plannedOperationType = builder.objectRef<PlannedOperation>('PlannedOperation').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    plan: t.field({ type: planType, resolve: (planned) => planned.plan }),
    operation: t.field({ type: operationType, nullable: true, description: 'Absent on a dry run.', resolve: (planned) => planned.operation ?? null }),
  }),
});
