import type { CheckedSource, ContractSource, InterfaceEntry, SourceProblem } from '../contracts/catalogue.ts';
import { builder } from './builder.ts';
import { withoutNulls } from './common-types.ts';

const contractFileInput = builder.inputType('ContractFileInput', {
  fields: (t) => ({
    path: t.string({ required: true, description: 'Relative, as in main.ts or parts/note.ts.' }),
    text: t.string({ required: true }),
  }),
});

export const contractSourceInput = builder.inputType('ContractSourceInput', {
  description: 'A contract in TypeScript. It may import its own files and @guildhall/contract-base. At most 50 files, 200,000 characters each, 500,000 together.',
  fields: (t) => ({
    files: t.field({ type: [contractFileInput], required: true }),
    entry: t.string({ required: true, description: 'The path of the file that exports describe and invoke.' }),
  }),
});

const contractFileType = builder.objectRef<ContractSource['files'][number]>('ContractFile').implement({
  authScopes: { admin: true },
  fields: (t) => ({ path: t.exposeString('path'), text: t.exposeString('text') }),
});

export const contractSourceType = builder.objectRef<ContractSource>('ContractSource').implement({
  authScopes: { admin: true },
  description: 'The files from which a contract’s code is built.',
  fields: (t) => ({
    entry: t.exposeString('entry'),
    files: t.field({ type: [contractFileType], resolve: ({ files }) => files }),
  }),
});

const problemType = builder.objectRef<SourceProblem>('ContractProblem').implement({
  authScopes: { admin: true },
  description: 'Something in a contract’s source.',
  fields: (t) => ({
    severity: t.exposeString('severity', { description: 'error or warning. An error keeps the contract from being built.' }),
    file: t.string({ nullable: true, description: 'Null: it is about the whole.', resolve: ({ file }) => file || null }),
    line: t.int({ nullable: true, description: 'Counted from 1.', resolve: ({ line }) => line || null }),
    column: t.int({ nullable: true, description: 'Counted from 1.', resolve: ({ column }) => column || null }),
    rule: t.exposeString('rule', { description: 'build, type, clock, randomness, input-output, locale, float, module-state, dynamic-code or unknown-global.' }),
    message: t.exposeString('message'),
    nextAction: t.exposeString('nextAction'),
  }),
});

const contractCheckType = builder.objectRef<CheckedSource>('ContractCheck').implement({
  authScopes: { admin: true },
  description: 'What a deployment of a source would come to.',
  fields: (t) => ({
    ok: t.boolean({ resolve: ({ built }) => built !== undefined }),
    digest: t.string({ nullable: true, description: 'Of the code that every member would run; the same source gives the same everywhere.', resolve: ({ built }) => built?.digest ?? null }),
    size: t.int({ nullable: true, description: 'Of the code, in bytes.', resolve: ({ built }) => built?.artifact.byteLength ?? null }),
    metadata: t.field({ type: 'JSON', nullable: true, resolve: ({ built }) => built?.metadata ?? null }),
    problems: t.field({ type: [problemType], resolve: ({ problems }) => [...problems] }),
  }),
});

const interfaceEntryType = builder.objectRef<InterfaceEntry>('ContractInterfaceEntry').implement({
  authScopes: { admin: true },
  description: 'A name that a contract may import from @guildhall/contract-base.',
  fields: (t) => ({
    name: t.exposeString('name'),
    kind: t.exposeString('kind', { description: 'function, constant, class, interface or type.' }),
    signature: t.exposeString('signature'),
    documentation: t.exposeString('documentation'),
  }),
});

const checkContractInput = builder.inputType('CheckContractInput', { fields: (t) => ({ source: t.field({ type: contractSourceInput, required: true }) }) });

builder.queryFields((t) => ({
  checkContract: t.field({
    type: contractCheckType,
    description: 'Checks a contract’s source and builds it. Changes nothing.',
    args: { input: t.arg({ type: checkContractInput, required: true }) },
    resolve: (_, { input }, { services }) => services.contracts.check(withoutNulls(input)),
  }),
  contractInterface: t.field({
    type: [interfaceEntryType],
    description: 'What a contract may import from @guildhall/contract-base, as the compiler reads it.',
    resolve: async (_, __, { services }) => [...(await services.catalogue.interface())],
  }),
}));
