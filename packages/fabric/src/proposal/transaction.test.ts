import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { common, peer } from '@hyperledger/fabric-protos';
import { serializeIdentity } from '../identity/index.ts';
import { utf8 } from '../protobuf.ts';
import { type Call, type Endorsed, buildProposal, buildTransaction, decodeTransaction, joinEnvelope } from './index.ts';

const certificate = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
const creator = { mspId: 'BankMSP', certificate };
const call: Call = {
  kind: 'Invoke',
  channel: 'trade',
  contract: 'receivable',
  function: 'Issue',
  args: [utf8('1')],
  transient: { price: utf8('7') },
};
const proposal = buildProposal(call, { creator, nonce: new Uint8Array(24).fill(1), timestamp: new Date(0) });

/** What a peer of `mspId` answers: the proposal's hash without transient data, the writes, a result. */
function endorsement(
  mspId: string,
  answer: { writes?: string; status?: number; message?: string; proposalBytes?: Uint8Array } = {},
): Endorsed {
  const { writes = 'w', status = 200, message = '', proposalBytes = proposal.bytes } = answer;
  const decoded = peer.Proposal.deserializeBinary(proposalBytes);
  const header = common.Header.deserializeBinary(decoded.getHeader_asU8());
  const payload = peer.ChaincodeProposalPayload.deserializeBinary(decoded.getPayload_asU8());
  payload.getTransientmapMap().clear();
  const response = new peer.Response();
  response.setStatus(status);
  response.setMessage(message);
  response.setPayload(utf8('done'));
  const action = new peer.ChaincodeAction();
  action.setResults(utf8(writes));
  action.setResponse(response);
  const responsePayload = new peer.ProposalResponsePayload();
  responsePayload.setProposalHash(
    createHash('sha256')
      .update(header.getChannelHeader_asU8())
      .update(header.getSignatureHeader_asU8())
      .update(payload.serializeBinary())
      .digest(),
  );
  responsePayload.setExtension$(action.serializeBinary());
  const proposalResponse = new peer.ProposalResponse();
  proposalResponse.setResponse(response);
  if (status < 400) {
    const endorsement = new peer.Endorsement();
    endorsement.setEndorser(serializeIdentity({ mspId, certificate }));
    proposalResponse.setPayload(responsePayload.serializeBinary());
    proposalResponse.setEndorsement(endorsement);
  }
  return { address: `${mspId.toLowerCase()}:7051`, mspId, response: proposalResponse };
}

test('equal endorsements make a transaction whose bytes say what they do, without the transient data', () => {
  const { bytes, transactionId, channel, result } = buildTransaction(proposal.bytes, [endorsement('A'), endorsement('B')]);
  assert.equal(transactionId, proposal.transactionId);
  assert.equal(channel, 'trade');
  assert.equal(Buffer.from(result).toString(), 'done');
  assert.equal(Buffer.from(bytes).includes('price'), false);
  const decoded = decodeTransaction(bytes);
  assert.deepEqual(decoded.call, { kind: 'Invoke', channel: 'trade', contract: 'receivable', function: 'Issue', args: [utf8('1')] });
  assert.deepEqual(
    decoded.endorsers.map(({ mspId }) => mspId),
    ['A', 'B'],
  );
  assert.equal(Buffer.from(decoded.results).toString(), 'w');
  assert.equal(decoded.response.status, 200);
  assert.deepEqual(joinEnvelope(bytes, new Uint8Array([1])).getPayload_asU8(), bytes);
});

test('the result is the one that was signed, whatever stands beside it', () => {
  const lying = endorsement('A');
  lying.response.getResponse()?.setPayload(utf8('something else'));
  assert.equal(Buffer.from(buildTransaction(proposal.bytes, [lying, endorsement('B')]).result).toString(), 'done');
  const garbled = endorsement('A');
  garbled.response.setPayload(new Uint8Array([0xff]));
  assert.throws(() => buildTransaction(proposal.bytes, [garbled]), { code: 'UNEXPECTED_ANSWER', message: /^A \(a:7051\) endorsed something/ });
  assert.throws(() => buildTransaction(proposal.bytes, [garbled, endorsement('B')]), { code: 'ENDORSEMENT_MISMATCH', message: /cannot be read/ });
});

test('who answered differently is named, and in what', () => {
  assert.throws(() => buildTransaction(proposal.bytes, [endorsement('A'), endorsement('B', { writes: 'other' }), endorsement('C')]), {
    name: 'EndorseError',
    code: 'ENDORSEMENT_MISMATCH',
    transactionId: proposal.transactionId,
    message: 'B (b:7051) answered differently from A (a:7051), C (c:7051): what it reads and writes.',
    nodes: [{ address: 'b:7051', mspId: 'B', message: 'differs from A (a:7051), C (c:7051)' }],
  });
});

test("who refused is named with the contract's message", () => {
  assert.throws(() => buildTransaction(proposal.bytes, [endorsement('A'), endorsement('B', { status: 500, message: 'not yours' })]), {
    code: 'CONTRACT_REFUSED',
    message: 'B (b:7051) did not endorse: not yours',
    nodes: [{ address: 'b:7051', mspId: 'B', message: 'not yours', status: 500 }],
  });
  assert.throws(() => buildTransaction(proposal.bytes, []), { code: 'NOT_ENOUGH_ENDORSEMENTS' });
});

test('endorsements of another proposal are not signed', () => {
  const other = buildProposal({ ...call, function: 'Transfer' }, { creator, nonce: new Uint8Array(24).fill(1), timestamp: new Date(0) });
  const { bytes } = buildTransaction(proposal.bytes, [endorsement('A', { proposalBytes: other.bytes })]);
  assert.throws(() => decodeTransaction(bytes), { code: 'MALFORMED_MESSAGE', message: /another proposal/ });
});
