import { channelName, contractName, contractVersion, imageByDigest, shortName } from '@guildhall/resources';
import { z } from 'zod';
import { contractSource } from './source-input.ts';

export const contractConsents = ['delegated', 'each'] as const;
export type ContractConsent = (typeof contractConsents)[number];

const consent = z.enum(contractConsents).default('delegated');

/** Where a contract's code comes from: a template, the caller, or a registry of images. */
export interface CodeInput {
  template?: string | undefined;
  source?: z.output<typeof contractSource> | undefined;
  image?: string | undefined;
  version?: string | undefined;
}

function oneOrigin({ version, ...code }: CodeInput, context: z.RefinementCtx): void {
  const given = (['template', 'source', 'image'] as const).filter((origin) => code[origin] !== undefined);
  const [first, second] = given;
  if (first === undefined) context.addIssue({ code: 'custom', path: ['source'], message: 'a contract comes from a template, from a source or as an image: give one of the three' });
  if (first !== undefined && second !== undefined) context.addIssue({ code: 'custom', path: [second], message: `it cannot stand together with ${first}` });
  if (code.source !== undefined && version === undefined) context.addIssue({ code: 'custom', path: ['version'], message: 'a contract from source is given its version' });
  if (code.image !== undefined && version === undefined) context.addIssue({ code: 'custom', path: ['version'], message: 'a contract as an image is given its version' });
}

const origin = { template: z.string().max(40).optional(), source: contractSource.optional(), image: imageByDigest.optional() };

export const deployContractInput = z
  .strictObject({
    consortium: shortName,
    channel: channelName,
    name: contractName,
    ...origin,
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
    ...origin,
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
