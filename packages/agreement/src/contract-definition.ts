import {
  buildPackage,
  CHANNEL_ENDORSEMENT,
  parsePolicy,
  type ContractDefinition,
  type ContractPackage,
  type EndorsementPolicy,
} from '@guildhall/fabric';
import { codeDigest, type Contract } from '@guildhall/resources';
import { AgreementError } from './errors.ts';

/** The package that every member installs: the same agreement gives the same bytes, and so the same package id, everywhere. */
export function contractPackage(name: string, spec: Pick<Contract['spec'], 'version' | 'artifactDigest' | 'image'>): ContractPackage {
  return buildPackage({ name, version: spec.version, artifactDigest: codeDigest(spec).replace(/^sha256:/, '') });
}

/** What every member of the channel approves, byte for byte. `sequence` counts the committed definitions of this contract, from 1. */
export function contractDefinition(name: string, spec: Contract['spec'], sequence: number): ContractDefinition {
  return {
    name,
    version: spec.version,
    sequence,
    initRequired: false,
    endorsementPolicy: endorsementPolicy(spec.endorsementPolicy),
    collections: [],
  };
}

function endorsementPolicy(text: string): EndorsementPolicy {
  if (text.trim() === '') return CHANNEL_ENDORSEMENT;
  const policy = parsePolicy(text);
  // A contract can only point at a policy of the channel, whose rule is the channel's own.
  if (policy.kind !== 'signature')
    throw new AgreementError('NOT_POSSIBLE', `a contract has no "${text}" of its own; leave the policy empty to use that of the channel`);
  return { kind: 'signature', rule: policy.rule };
}
