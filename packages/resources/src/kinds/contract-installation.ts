import { z } from 'zod';
import { defineKind, immutable, setList, withRules, type ObjectOf } from '../define.ts';
import { contractName, sha256Digest, shortName } from '../names.ts';
import { codeFields, oneCode } from './code.ts';
import { endpoint, reference, statusBase } from './shared.ts';

const spec = z.strictObject({
  contract: withRules(reference(contractName), immutable('the contract')),
  /** specDigest of the Contract's spec that the member agreed to. */
  contractDigest: sha256Digest,
  // The code that the member agreed to run: the same as the Contract's.
  ...codeFields,
  /** The member's peers that get the contract. */
  peers: setList(z.array(shortName).min(1).max(50)),
});

const status = z.strictObject({
  ...statusBase,
  packageId: z.string().max(200).optional(),
  /** Peers that hold the package. */
  installedOn: setList(z.array(shortName).max(50)).optional(),
  /** The sequence that the member approved, with which package. */
  approved: z.strictObject({ sequence: z.int(), packageId: z.string().max(200), contractDigest: sha256Digest }).optional(),
  /** The running instance that serves `packageId`; `artifactDigest` is of its code, be it an artifact or an image. */
  instance: z
    .strictObject({ name: z.string().max(63), address: endpoint, artifactDigest: sha256Digest, ready: z.boolean() })
    .optional(),
});

export const contractInstallation = defineKind({
  kind: 'ContractInstallation',
  plural: 'contractinstallations',
  shortNames: ['cinst'],
  description: "A member's consent to a contract's exact definition and code, and its running instance.",
  spec: withRules(spec, oneCode),
  status,
  columns: [
    { name: 'Contract', type: 'string', jsonPath: '.spec.contract.name' },
    { name: 'Sequence', type: 'integer', jsonPath: '.status.approved.sequence' },
  ],
});
export type ContractInstallation = ObjectOf<typeof contractInstallation>;
