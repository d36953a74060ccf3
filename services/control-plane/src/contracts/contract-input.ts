import { channelName, contractName, contractVersion, shortName } from '@guildhall/resources';
import { z } from 'zod';
import { contractSource } from './source-input.ts';

export const contractConsents = ['delegated', 'each'] as const;
export type ContractConsent = (typeof contractConsents)[number];

const consent = z.enum(contractConsents).default('delegated');

/** Where a contract's code comes from: a template, or the caller. */
export interface CodeInput {
  template?: string | undefined;
  source?: z.output<typeof contractSource> | undefined;
  version?: string | undefined;
}

function oneOrigin({ template, source, version }: CodeInput, context: z.RefinementCtx): void {
  if (template !== undefined && source !== undefined) context.addIssue({ code: 'custom', path: ['source'], message: 'it cannot stand together with template' });
  if (template === undefined && source === undefined) context.addIssue({ code: 'custom', path: ['source'], message: 'a contract comes from a template or from a source: give one of the two' });
  if (source !== undefined && version === undefined) context.addIssue({ code: 'custom', path: ['version'], message: 'a contract from source is given its version' });
}

export const deployContractInput = z
  .strictObject({
    consortium: shortName,
    channel: channelName,
    name: contractName,
    template: z.string().max(40).optional(),
    source: contractSource.optional(),
    /** Left out: the template's first. */
    version: contractVersion.optional(),
    endorsementPolicy: z.string().max(2000).default(''),
    consent,
  })
  .superRefine(oneOrigin);

export const upgradeContractInput = z
  .strictObject({
    consortium: shortName,
    name: contractName,
    template: z.string().max(40).optional(),
    source: contractSource.optional(),
    version: contractVersion,
    /** Left out: as it is. */
    endorsementPolicy: z.string().max(2000).optional(),
    consent,
  })
  .superRefine(oneOrigin);

export const checkContractInput = z.strictObject({ source: contractSource });

const words = z.string().trim().max(1000);
const decided = { consortium: shortName, contract: contractName, member: shortName };
export const approveInput = z.strictObject({ ...decided, note: words.optional() });
export const rejectInput = z.strictObject({ ...decided, reason: words.min(1, 'say why: the others decide what to do by it') });
