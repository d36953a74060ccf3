import { isContractName } from '../../create-consortium/names.ts';
import type { Source } from '../source/draft.ts';
import { policyOf, type EndorsementChoice } from '../endorsement.ts';

/** What is deployed: a version of a template, the files of a draft, or an image by its digest. */
export type Code = { kind: 'template'; template: string; version: string } | { kind: 'source'; source: Source; version: string } | { kind: 'image'; image: string; version: string };

export interface Wishes {
  name: string;
  channel: string;
  code: Code;
  /** Undefined: as it stands, in an upgrade. */
  endorsement: EndorsementChoice | undefined;
  ownEndorsement: string;
  consent: 'delegated' | 'each';
}

export type WhyNotDeploy = 'name' | 'taken' | 'channel' | 'image' | 'version' | 'policy';

/** Why the API need not be asked yet. */
export function whyNotYet(wishes: Wishes, taken: readonly string[]): WhyNotDeploy | undefined {
  if (!isContractName(wishes.name)) return 'name';
  if (taken.includes(wishes.name)) return 'taken';
  if (wishes.channel === '') return 'channel';
  const { code } = wishes;
  if (code.kind === 'image' && (code.image === '' || code.version === '')) return 'image';
  if (code.version === '') return 'version';
  return wishes.endorsement === 'own' && wishes.ownEndorsement.trim() === '' ? 'policy' : undefined;
}

function codeOf(code: Code) {
  const { version } = code;
  switch (code.kind) {
    case 'template':
      return { template: code.template, version };
    case 'source':
      return { source: { entry: code.source.entry, files: [...code.source.files] }, version };
    default:
      return { image: code.image, version };
  }
}

export function deployInput(consortium: string, wishes: Wishes, mspIds: readonly string[]) {
  const { name, channel, code, endorsement = 'channel', ownEndorsement, consent } = wishes;
  const endorsementPolicy = policyOf(endorsement, mspIds, ownEndorsement);
  return { consortium, name, channel, ...codeOf(code), consent, ...(endorsementPolicy === '' ? {} : { endorsementPolicy }) };
}

export function upgradeInput(consortium: string, wishes: Wishes, mspIds: readonly string[]) {
  const { name, code, endorsement, ownEndorsement, consent } = wishes;
  return { consortium, name, ...codeOf(code), consent, ...(endorsement === undefined ? {} : { endorsementPolicy: policyOf(endorsement, mspIds, ownEndorsement) }) };
}
