import { createHash } from 'node:crypto';
import { channelConfiguration, contractDefinition, contractPackage } from '@guildhall/agreement';
import { decodeProposal, decodeTransaction, FabricError, type Call, type DecodedProposal, type Identity } from '@guildhall/fabric';
import type { Contract, Member, SigningPurpose, SigningRequest } from '@guildhall/resources';
import { gatherChannel, type FindAuthorities } from './agreed-channel.ts';
import { readChannelConsent, readContractConsent, type Reader } from './consent.ts';
import { requireGenesis } from './genesis.ts';
import { proposalWithin, requireOwnAndFresh, requireProposal } from './proposals.ts';
import { Refusal, refuse } from './refusal.ts';
import type { SignatureLog } from './signature-log.ts';

export interface ExaminationDependencies {
  readonly reader: Reader;
  readonly authorities: FindAuthorities;
  readonly log: SignatureLog;
}

/** Bytes that say what the member consented to, and what they are for. */
export interface Examined {
  readonly message: Uint8Array;
  readonly transactionId: string;
  readonly subject: string;
}

interface Examination {
  readonly request: SigningRequest;
  readonly member: Member;
  readonly admin: Identity;
  readonly message: Uint8Array;
  readonly now: Date;
}

type Examiner = (examination: Examination, dependencies: ExaminationDependencies) => Promise<Omit<Examined, 'message'>>;

const examiners: Readonly<Record<SigningPurpose, Examiner>> = {
  'join-channel': examineJoin,
  'install-contract': examineInstall,
  'approve-proposal': examineApproval,
  'approve-transaction': examineApprovalTransaction,
};

/** At most what a SigningRequest may carry. */
const maximumMessageSize = 1024 * 1024;

/** Whether these bytes may be signed for this member: they say exactly what it consented to. Throws a Refusal when they do not. */
export async function examine(
  request: SigningRequest,
  member: Member,
  admin: Identity,
  now: Date,
  dependencies: ExaminationDependencies,
): Promise<Examined> {
  const message = Buffer.from(request.spec.message, 'base64');
  if (message.toString('base64') !== request.spec.message) refuse('Denied', 'spec.message is not canonical base64');
  if (message.length > maximumMessageSize)
    refuse('Denied', `spec.message has ${message.length} bytes; at most ${maximumMessageSize} are signed`);
  return { message, ...(await examiners[request.spec.purpose]({ request, member, admin, message, now }, dependencies)) };
}

async function examineJoin(
  { request, member, admin, message, now }: Examination,
  { reader, authorities, log }: ExaminationDependencies,
): ReturnType<Examiner> {
  const consent = await readChannelConsent(reader, request, member);
  const decoded = readProposal(message, admin, now);
  const { block } = requireKind(decoded.call, 'JoinChain');
  const { name, uid = '' } = consent.channel.metadata;
  // The uid: a channel that was deleted and made anew under the same name is another agreement.
  const subject = `${name}/${uid}@sha256:${createHash('sha256').update(block).digest('hex')}`;
  // The block never changes; what it was built from may (another member's anchor peers, a renewed certificate). Once examined, it stays agreed.
  if (!(await log.knows(member.metadata.uid ?? '', 'join-channel', subject))) {
    requireGenesis(block, channelConfiguration(await gatherChannel(reader, authorities, consent)));
  }
  requireProposal(message, decoded, { kind: 'JoinChain', block }, `joining channel ${name}`);
  return { transactionId: decoded.transactionId, subject };
}

async function examineInstall(
  { request, member, admin, message, now }: Examination,
  { reader }: ExaminationDependencies,
): ReturnType<Examiner> {
  const { contract } = await readContractConsent(reader, request, member);
  const decoded = readProposal(message, admin, now);
  requireKind(decoded.call, 'InstallChaincode');
  const agreed = contractPackage(contract.metadata.name, contract.spec);
  requireProposal(message, decoded, { kind: 'InstallChaincode', package: agreed.bytes }, `installing ${agreed.packageId}`);
  return { transactionId: decoded.transactionId, subject: agreed.packageId };
}

async function examineApproval(examination: Examination, { reader }: ExaminationDependencies): ReturnType<Examiner> {
  const { request, member, admin, message, now } = examination;
  const decoded = readProposal(message, admin, now);
  const { transactionId, subject } = requireApproval(message, decoded, (await readContractConsent(reader, request, member)).contract);
  return { transactionId, subject };
}

/** The same approval, endorsed: only for a proposal that was signed here, under the same consent. */
async function examineApprovalTransaction(
  { request, member, admin, message, now }: Examination,
  { reader, log }: ExaminationDependencies,
): ReturnType<Examiner> {
  const { contract } = await readContractConsent(reader, request, member);
  const decoded = readBytes(() => decodeTransaction(message));
  requireOwnAndFresh(decoded, admin, now);
  const { transactionId, subject, digest } = requireApproval(proposalWithin(message), decoded, contract);
  if (decoded.response.status !== 200) refuse('Denied', `the endorsers answered with status ${decoded.response.status} instead of 200`);
  if (!(await log.signedProposal(member.metadata.uid ?? '', request.spec.intent, { transactionId, digest }))) {
    refuse('Denied', `transaction ${transactionId} does not come from a proposal that was signed under this consent`);
  }
  return { transactionId, subject };
}

function readProposal(message: Uint8Array, admin: Identity, now: Date): DecodedProposal {
  const decoded = readBytes(() => decodeProposal(message));
  requireOwnAndFresh(decoded, admin, now);
  return decoded;
}

/** Nothing but the bytes can be the cause of what decoding throws, also where the protobuf library asserts instead of answering. */
function readBytes<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof FabricError) throw error;
    throw new Refusal('Denied', 'the bytes hold numbers that no message of Fabric has', { cause: error });
  }
}

/** `digest`: the SHA-256 of the proposal. */
function requireApproval(
  proposal: Uint8Array,
  decoded: DecodedProposal,
  { metadata, spec }: Contract,
): Omit<Examined, 'message'> & { readonly digest: string } {
  const { definition } = requireKind(decoded.call, 'ApproveChaincodeDefinitionForMyOrg');
  const { sequence } = definition;
  // How often the contract was changed before is a fact of the ledger, not of the consent; Fabric takes only the next one.
  if (!Number.isSafeInteger(sequence) || sequence < 1) refuse('Denied', `the definition has the sequence ${sequence}; the first is 1`);
  const expected: Call = {
    kind: 'ApproveChaincodeDefinitionForMyOrg',
    channel: spec.channel,
    definition: contractDefinition(metadata.name, spec, sequence),
    packageId: contractPackage(metadata.name, spec).packageId,
  };
  const digest = requireProposal(proposal, decoded, expected, `approving ${metadata.name} ${spec.version} on channel ${spec.channel}`);
  return { transactionId: decoded.transactionId, subject: `${spec.channel}/${metadata.name}@${sequence} ${expected.packageId}`, digest };
}

type Of<K extends Call['kind']> = Extract<Call, { kind: K }>;

function requireKind<K extends Call['kind']>(call: Call, kind: K): Of<K> {
  return isKind(call, kind) ? call : refuse('Denied', `the bytes call ${call.kind} where ${kind} belongs`);
}

function isKind<K extends Call['kind']>(call: Call, kind: K): call is Of<K> {
  return call.kind === kind;
}
