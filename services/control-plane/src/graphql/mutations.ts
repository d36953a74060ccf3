import { z } from 'zod';
import { recordAudit } from '../audit/audit-repository.ts';
import { submitInput, type SubmittedTransaction } from '../ledger/ledger.ts';
import { parseInput } from '../validation.ts';
import { builder } from './builder.ts';
import { withoutNulls } from './common-types.ts';
import {
  createConsortiumInputType,
  deleteConsortiumInputType,
  deployContractInputType,
  submitTransactionInput,
  upgradeContractInputType,
} from './inputs.ts';
import { operationType, plannedOperationType } from './operation-types.ts';
import { operationBy } from './queries.ts';
import type { MutationOptions } from '../consortia/plan.ts';
import { actorOf, type RequestContext } from './context.ts';

/** What can be typed and logged; a UUID or a name of the caller's making. */
const idempotencyKey = z.string().min(1).max(200).regex(/^[\x21-\x7e]+$/, 'use visible ASCII characters').optional();

export const optionsOf = (context: RequestContext, args: { idempotencyKey?: string | null | undefined; dryRun?: boolean | null | undefined }): MutationOptions => ({
  actor: actorOf(context),
  idempotencyKey: parseInput(z.strictObject({ idempotencyKey }), { idempotencyKey: args.idempotencyKey ?? undefined }).idempotencyKey,
  dryRun: args.dryRun ?? false,
});

const submittedType = builder.objectRef<SubmittedTransaction>('SubmittedTransaction').implement({
  authScopes: { admin: true },
  description: 'A transaction that is committed.',
  fields: (t) => ({
    transactionId: t.exposeString('transactionId'),
    blockNumber: t.exposeInt('blockNumber'),
    validationCode: t.exposeString('validationCode'),
    result: t.exposeString('result', { description: 'What the contract answered.' }),
    endorsers: t.stringList({ description: 'Names of the members whose peers endorsed.', resolve: ({ endorsers }) => [...endorsers] }),
    requestId: t.exposeString('requestId', { nullable: true }),
  }),
});

builder.mutationFields((t) => {
  const planning = {
    idempotencyKey: t.arg.string({ description: 'The same key with the same input does nothing twice.' }),
    dryRun: t.arg.boolean({ description: 'Answer the plan and change nothing.' }),
  };
  return {
    createConsortium: t.field({
      type: plannedOperationType,
      args: { input: t.arg({ type: createConsortiumInputType, required: true }), ...planning },
      resolve: (_, { input, ...args }, context) => context.services.consortia.create(withoutNulls(input), optionsOf(context, args)),
    }),
    deleteConsortium: t.field({
      type: plannedOperationType,
      args: { input: t.arg({ type: deleteConsortiumInputType, required: true }), ...planning },
      resolve: (_, { input, ...args }, context) => context.services.consortia.delete(withoutNulls(input), optionsOf(context, args)),
    }),
    deployContract: t.field({
      type: plannedOperationType,
      args: { input: t.arg({ type: deployContractInputType, required: true }), ...planning },
      resolve: (_, { input, ...args }, context) => context.services.contracts.deploy(withoutNulls(input), optionsOf(context, args)),
    }),
    upgradeContract: t.field({
      type: plannedOperationType,
      args: { input: t.arg({ type: upgradeContractInputType, required: true }), ...planning },
      resolve: (_, { input, ...args }, context) => context.services.contracts.upgrade(withoutNulls(input), optionsOf(context, args)),
    }),
    submitTransaction: t.field({
      type: submittedType,
      description: 'Answers when the transaction is committed, or says why it is not.',
      args: { input: t.arg({ type: submitTransactionInput, required: true }) },
      resolve: async (_, { input }, context) => {
        const { services } = context;
        const parsed = parseInput(submitInput, withoutNulls(input));
        await recordAudit(services.db, [
          { actor: actorOf(context), action: 'submitTransaction', target: parsed.consortium, delegatedFor: parsed.member, details: { channel: parsed.channel, contract: parsed.contract, function: parsed.function } },
        ]);
        return services.ledger.submit(parsed);
      },
    }),
    retryOperation: t.field({
      type: operationType,
      args: { id: t.arg.id({ required: true }) },
      resolve: async (_, { id }, context) => {
        const { id: known } = await operationBy(context, id);
        return context.services.operations.retry(known, actorOf(context));
      },
    }),
    cancelOperation: t.field({
      type: operationType,
      args: { id: t.arg.id({ required: true }) },
      resolve: async (_, { id }, context) => {
        const { id: known } = await operationBy(context, id);
        return context.services.operations.cancel(known, actorOf(context));
      },
    }),
  };
});
