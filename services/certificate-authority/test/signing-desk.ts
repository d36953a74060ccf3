import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { channelConfiguration, contractDefinition, contractPackage, type AgreedChannel } from '@guildhall/agreement';
import {
  buildGenesisBlock,
  buildProposal,
  buildTransaction,
  randomNonce,
  serializeIdentity,
  type Call,
  type ChannelConfiguration,
  type Identity,
} from '@guildhall/fabric';
import type { KubernetesObject } from '@guildhall/kubernetes';
import { common, peer } from '@hyperledger/fabric-protos';
import type { Reason, SigningRequest } from '@guildhall/resources';
import { examine, type Examined } from '../src/signatures/examine.ts';
import { Refusal, refusalOf } from '../src/signatures/refusal.ts';
import type { SignatureLog } from '../src/signatures/signature-log.ts';
import { TestConsortium } from './consortium.ts';
import { now } from './fixtures.ts';

/** The consortium that requests are about; `beforeEach(renew)` gives each test one of its own. */
export let demo: TestConsortium;
export async function renew(): Promise<void> {
  demo = await TestConsortium.create();
}

export const emptyLog: SignatureLog = { knows: () => Promise.resolve(false), signedProposal: () => Promise.resolve(false) };

export async function examined(
  request: SigningRequest,
  { log = emptyLog, hidden = [], at = now }: { log?: SignatureLog; hidden?: KubernetesObject[]; at?: Date } = {},
): Promise<Examined> {
  try {
    return await examine(request, demo.members.bank, demo.bank.admin, at, {
      reader: demo.reader(hidden),
      authorities: demo.authorities,
      log,
    });
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}

export async function refused(reason: Reason, message: RegExp, ...args: Parameters<typeof examined>): Promise<void> {
  await assert.rejects(examined(...args), (error) => {
    assert(error instanceof Refusal, String(error));
    assert.match(error.message, message);
    assert.equal(error.reason, reason, error.message);
    return true;
  });
}

export const seed = () => ({ timestamp: now, nonce: randomNonce() });
export const genesis = (
  change: (configuration: ChannelConfiguration) => object = () => ({}),
  agreed: AgreedChannel = demo.agreed,
): Uint8Array => {
  const configuration = channelConfiguration(agreed);
  return buildGenesisBlock({ ...configuration, ...change(configuration) }, seed());
};
export const proposal = (
  call: Call,
  { creator = demo.bank.admin, timestamp = now, nonce = randomNonce() }: { creator?: Identity; timestamp?: Date; nonce?: Uint8Array } = {},
): Uint8Array => buildProposal(call, { creator, timestamp, nonce }).bytes;
export const join = (block = genesis(), more: Parameters<typeof proposal>[1] = {}): SigningRequest =>
  demo.request('join-channel', proposal({ kind: 'JoinChain', block }, more));
export const install = (bytes = contractPackage('receivable', demo.contract.spec).bytes): SigningRequest =>
  demo.request('install-contract', proposal({ kind: 'InstallChaincode', package: bytes }));
export type Approval = Extract<Call, { kind: 'ApproveChaincodeDefinitionForMyOrg' }>;
export const approvalCall = (change: Partial<Approval> = {}): Approval => ({
  kind: 'ApproveChaincodeDefinitionForMyOrg',
  channel: 'trade',
  definition: contractDefinition('receivable', demo.contract.spec, 1),
  packageId: contractPackage('receivable', demo.contract.spec).packageId,
  ...change,
});
export const approve = (change: Partial<Approval> = {}): SigningRequest => demo.request('approve-proposal', proposal(approvalCall(change)));

/** The transaction that one peer of the bank endorsed, as the operator would put it together. */
export function transaction(proposalBytes: Uint8Array, status = 200): Uint8Array {
  const header = common.Header.deserializeBinary(peer.Proposal.deserializeBinary(proposalBytes).getHeader_asU8());
  const response = new peer.Response();
  response.setStatus(status);
  const action = new peer.ChaincodeAction();
  action.setResponse(response);
  const payload = new peer.ProposalResponsePayload();
  const hash = createHash('sha256')
    .update(header.getChannelHeader_asU8())
    .update(header.getSignatureHeader_asU8())
    .update(peer.Proposal.deserializeBinary(proposalBytes).getPayload_asU8());
  payload.setProposalHash(hash.digest());
  payload.setExtension$(action.serializeBinary());
  const endorsement = new peer.Endorsement();
  endorsement.setEndorser(serializeIdentity(demo.bank.admin));
  const answer = new peer.ProposalResponse();
  answer.setResponse(response);
  answer.setPayload(payload.serializeBinary());
  answer.setEndorsement(endorsement);
  return buildTransaction(proposalBytes, [{ address: 'peer0:7051', mspId: 'BankMSP', response: answer }]).bytes;
}
