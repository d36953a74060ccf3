import type { KubernetesClient } from '@guildhall/kubernetes';
import {
  channel as channelKind,
  channelMembership,
  codeDigest,
  consortium as consortiumKind,
  contract as contractKind,
  contractInstallation,
  partiesOfChannel,
  specDigest,
  type Channel,
  type ChannelMembership,
  type Consortium,
  type Contract,
  type ContractInstallation,
  type Member,
  type SigningPurpose,
  type SigningRequest,
} from '@guildhall/resources';
import { refuse } from './refusal.ts';

/** Reads what stands now: what a person withdrew a moment ago must not be signed because a cache still has it. */
export type Reader = Pick<KubernetesClient, 'get'>;

export interface ChannelConsent {
  readonly consortium: Consortium;
  readonly membership: ChannelMembership;
  readonly channel: Channel;
}

export interface ContractConsent {
  readonly consortium: Consortium;
  readonly installation: ContractInstallation;
  readonly contract: Contract;
}

const intentOf: Readonly<Record<SigningPurpose, SigningRequest['spec']['intent']['kind']>> = {
  'join-channel': 'ChannelMembership',
  'install-contract': 'ContractInstallation',
  'approve-proposal': 'ContractInstallation',
  'approve-transaction': 'ContractInstallation',
};

export async function readChannelConsent(reader: Reader, request: SigningRequest, member: Member): Promise<ChannelConsent> {
  requireKind(request);
  const { namespace = '' } = request.metadata;
  const [membership, found] = await Promise.all([
    reader.get(channelMembership.type, { namespace, name: request.spec.intent.name }),
    reader.get(consortiumKind.type, member.spec.consortium),
  ]);
  const pinned = requireIntent(request, membership);
  const consortium = requireConsortium(found, member);
  const agreed = await reader.get(channelKind.type, requireOwn(pinned.spec.channel, consortium));
  const channel = requireAgreed(agreed, pinned.spec.channel.name, pinned.spec.channelDigest);
  if (!partiesOfChannel(channel.spec).includes(member.metadata.name)) {
    refuse('ReferenceNotAllowed', `Channel ${channel.metadata.name} does not name member ${member.metadata.name}`);
  }
  const unconsented = channel.spec.orderers.find(
    ({ member: owner, node }) => owner === member.metadata.name && !pinned.spec.orderers.includes(node),
  );
  if (unconsented !== undefined)
    refuse('ConsentOutdated', `the channel orders with node ${unconsented.node}, which the member's consent does not name`);
  return { consortium, membership: pinned, channel };
}

export async function readContractConsent(reader: Reader, request: SigningRequest, member: Member): Promise<ContractConsent> {
  requireKind(request);
  const { namespace = '' } = request.metadata;
  const [intent, found] = await Promise.all([
    reader.get(contractInstallation.type, { namespace, name: request.spec.intent.name }),
    reader.get(consortiumKind.type, member.spec.consortium),
  ]);
  const installation = requireIntent(request, intent);
  const consortium = requireConsortium(found, member);
  const agreed = await reader.get(contractKind.type, requireOwn(installation.spec.contract, consortium));
  const contract = requireAgreed(agreed, installation.spec.contract.name, installation.spec.contractDigest);
  const [own, named] = [codeDigest(installation.spec), codeDigest(contract.spec)];
  if (own !== named) refuse('ConsentOutdated', `the member consented to code ${own}, Contract ${contract.metadata.name} names ${named}; consent again`);
  return { consortium, installation, contract };
}

function requireKind({ spec }: SigningRequest): void {
  const expected = intentOf[spec.purpose];
  if (spec.intent.kind !== expected)
    refuse('Denied', `${spec.purpose} is carried out under a ${expected}, not under a ${spec.intent.kind}`);
}

/** The intent is the very object that the request names, as it was when the request was made. */
function requireIntent<T extends ChannelMembership | ContractInstallation>({ spec }: SigningRequest, intent: T | undefined): T {
  const { kind, name, uid, generation, digest } = spec.intent;
  const what = `${kind} ${name}`;
  if (intent === undefined || intent.metadata.uid !== uid)
    return refuse('ConsentOutdated', `${what} (${uid}) does not exist: the member has not consented, or has withdrawn its consent`);
  if (intent.metadata.deletionTimestamp !== undefined)
    refuse('ConsentOutdated', `${what} is being deleted: the member has withdrawn its consent`);
  if (intent.metadata.generation !== generation)
    refuse('ConsentOutdated', `${what} is at generation ${intent.metadata.generation}, the request is for ${generation}; ask anew`);
  if (specDigest(intent.spec) !== digest)
    refuse('ConsentOutdated', `${what} has the digest ${specDigest(intent.spec)}, the request names ${digest}; ask anew`);
  return intent;
}

/** The member is in its consortium only when the consortium says so too, from this namespace and under this MSP id. */
function requireConsortium(consortium: Consortium | undefined, member: Member): Consortium {
  const { name, namespace } = member.spec.consortium;
  if (consortium === undefined) return refuse('ReferenceNotAllowed', `Consortium ${namespace}/${name} does not exist`);
  const named = consortium.spec.members.some(
    (entry) => entry.name === member.metadata.name && entry.mspId === member.spec.mspId && entry.namespace === member.metadata.namespace,
  );
  if (!named)
    refuse(
      'ReferenceNotAllowed',
      `Consortium ${name} does not name member ${member.metadata.name} with MSP id ${member.spec.mspId} in namespace ${member.metadata.namespace}`,
    );
  return consortium;
}

function requireOwn(reference: { namespace: string; name: string }, consortium: Consortium): { namespace: string; name: string } {
  if (reference.namespace !== consortium.metadata.namespace) {
    refuse(
      'ReferenceNotAllowed',
      `the consent leads to namespace ${reference.namespace}, the member's consortium is in ${consortium.metadata.namespace}`,
    );
  }
  return reference;
}

function requireAgreed<T extends Channel | Contract>(agreed: T | undefined, name: string, digest: string): T {
  if (agreed === undefined || agreed.metadata.deletionTimestamp !== undefined)
    return refuse('ConsentOutdated', `${name} is no longer agreed on: it does not exist or is being deleted`);
  const actual = specDigest(agreed.spec);
  if (actual !== digest)
    refuse('ConsentOutdated', `the member consented to ${agreed.kind} ${name} with digest ${digest}; it now has ${actual}: consent again`);
  return agreed;
}
